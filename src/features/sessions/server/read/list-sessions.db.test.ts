import { beforeAll, expect, test } from 'vitest';
import type { Principal } from '#src/server/auth/principal.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import {
  finishInvestigation,
  fixtureKernel,
  insertProject,
  insertSession,
  type SessionSeed,
  seededRandom,
  startInvestigation,
} from '#test/session-fixtures.ts';
import {
  listSessionsInputSchema,
  ratings,
  runStatuses,
  type SessionFilter,
  type SessionListItem,
  scoreBandNames,
  scoreBandSchema,
  scoreBands,
  sessionListItemSchema,
  sessionSortSchema,
} from '../../schema.ts';
import { newStage, saveExecution, saveStage } from '../run-rows.ts';
import { readFilterOptions } from './filter-options.ts';
import { listActiveSessions } from './list-active.ts';
import { listDeliveries } from './list-deliveries.ts';
import { buildListQuery } from './list-query.ts';
import { listSessions } from './list-sessions.ts';
import { locateSession } from './locate-session.ts';
import { encodeCursor } from './page-cursor.ts';
import { readSession } from './read-session.ts';

const db = useTestDatabase();
let kernel: Kernel;
let projectId = '';

beforeAll(async () => {
  kernel = fixtureKernel(db.database);
  projectId = (await insertProject(db.database, 'list')).id;
});

const list = (input: Record<string, unknown>, project = projectId) =>
  listSessions(kernel, { ...listSessionsInputSchema.parse(input), projectId: project });
const titles = (page: { items: SessionListItem[] }) => page.items.map((item) => item.title);

async function newProject(slug: string): Promise<string> {
  return (await insertProject(db.database, slug)).id;
}

/** Sessions with random durations, costs and times, several of them equal, so that ties must be broken. */
async function insertVaried(project: string, count: number): Promise<void> {
  const random = seededRandom(7);
  for (let n = 0; n < count; n += 1) {
    const createdAt = new Date(Date.UTC(2026, 0, 1, 0, 0, Math.floor(random() * 20)));
    const id = await insertSession(db.database, { projectId: project, title: `s${n}`, createdAt });
    const ended = random() < 0.8;
    await db.database.pool.query(
      `update session set status = $2, started_at = $3, completed_at = $4, cost_usd = $5, score = $6,
         author = $7, alert_type = $8, rating = $9 where id = $1`,
      [
        id,
        ended ? 'completed' : 'running',
        createdAt,
        ended ? new Date(createdAt.getTime() + Math.floor(random() * 5) * 333) : null,
        Math.floor(random() * 4) * 0.1,
        ended && random() < 0.5 ? Math.floor(random() * 5) * 20 : null,
        ['ada', 'bea', 'cyd'][n % 3],
        ['cpu', 'disk'][n % 2],
        [...ratings, null][n % 4],
      ],
    );
  }
}

test('pages of every sort order hold every session once, in order, whatever the page size', async () => {
  const project = await newProject('pages');
  await insertVaried(project, 45);
  const duration = (item: SessionListItem) =>
    item.completedAt && item.startedAt ? Date.parse(item.completedAt) - Date.parse(item.startedAt) : -1000;
  const keys: Record<string, (item: SessionListItem) => number | string> = {
    createdAt: (item: SessionListItem) => Date.parse(item.createdAt),
    duration,
    cost: (item: SessionListItem) => (item.completedAt ? (item.usage.costUsd ?? -1) : -1),
    score: (item: SessionListItem) => item.score ?? -1,
    status: (item) => runStatuses.indexOf(item.status),
    alertType: (item) => item.alertType,
    author: (item) => item.author,
    rating: (item) => (item.review.rating ? ratings.length - ratings.indexOf(item.review.rating) : 0),
  };
  for (const sort of sessionSortSchema.options) {
    for (const limit of [1, 7, 45]) {
      for (const status of [undefined, ['completed', 'running', 'failed']]) {
        const found: SessionListItem[] = [];
        let cursor: string | undefined;
        do {
          const page = await list({ sort, limit, cursor, status }, project);
          found.push(...page.items);
          cursor = page.nextCursor ?? undefined;
        } while (cursor);
        expect(new Set(found.map((item) => item.id)).size, `${sort} by ${limit}`).toBe(45);
        expect(found).toHaveLength(45);
        const key = keys[sort.replace('-', '')];
        if (!key) throw new Error(`this test does not know the order of ${sort}`);
        const values = found.map(key);
        const sign = sort.startsWith('-') ? -1 : 1;
        expect(values).toEqual(values.toSorted((a, b) => sign * (a < b ? -1 : a > b ? 1 : 0)));
      }
    }
  }
});

test('a session that arrives between two pages neither shifts nor repeats others', async () => {
  const project = await newProject('arrivals');
  for (let n = 0; n < 6; n += 1) {
    await insertSession(db.database, {
      projectId: project,
      title: `s${n}`,
      createdAt: new Date(Date.UTC(2026, 1, n + 1)),
    });
  }
  const first = await list({ limit: 3 }, project);
  await insertSession(db.database, { projectId: project, title: 'new' });
  const second = await list({ limit: 3, cursor: first.nextCursor ?? undefined }, project);
  expect([...titles(first), ...titles(second)]).toEqual(['s5', 's4', 's3', 's2', 's1', 's0']);
  expect(second.nextCursor).toBeNull();
});

test('each filter keeps what it names, and they combine', async () => {
  const project = await newProject('filters');
  const add = (seed: Omit<SessionSeed, 'projectId'>) =>
    insertSession(db.database, { ...seed, projectId: project });
  await add({
    title: 'a',
    alertType: 'Cpu',
    severity: 'critical',
    createdAt: new Date('2026-03-01T00:00:00Z'),
  });
  await add({
    title: 'b',
    alertType: 'Cpu',
    severity: 'warning',
    createdAt: new Date('2026-03-02T00:00:00Z'),
  });
  const c = await add({
    title: 'c',
    alertType: 'Disk',
    severity: null,
    createdAt: new Date('2026-03-03T00:00:00Z'),
  });
  await db.database.pool.query(`update session set status = 'failed', chain = 'disks' where id = $1`, [c]);
  expect(titles(await list({ alertType: 'Cpu' }, project))).toEqual(['b', 'a']);
  expect(titles(await list({ alertType: 'Cpu', severity: 'critical' }, project))).toEqual(['a']);
  expect(titles(await list({ chain: 'disks' }, project))).toEqual(['c']);
  expect(titles(await list({ status: 'failed' }, project))).toEqual(['c']);
  expect(titles(await list({ status: 'failed,pending' }, project))).toEqual(['c', 'b', 'a']);
  expect(titles(await list({ from: '2026-03-02T00:00:00Z' }, project))).toEqual(['c', 'b']);
  expect(titles(await list({ to: '2026-03-02T00:00:00Z' }, project))).toEqual(['b', 'a']);
  expect(titles(await list({ alertType: 'Cpu', status: 'failed' }, project))).toEqual([]);
  await db.database.pool.query(
    `update session set assignee = case title when 'a' then 'ada' when 'b' then 'bea' end,
       scoring = (case title when 'a' then 'running' when 'b' then 'failed' else 'not_scored' end)::"Scoring",
       changed = title = 'b' where project_id = $1`,
    [project],
  );
  expect(titles(await list({ assignee: 'ada' }, project))).toEqual(['a']);
  expect(titles(await list({ scoring: 'running' }, project))).toEqual(['a']);
  expect(titles(await list({ scoring: 'not_scored' }, project))).toEqual(['c']);
  expect(titles(await list({ scoring: 'scored' }, project))).toEqual([]);
  expect(titles(await list({ changed: 'true' }, project))).toEqual(['b']);
  expect(titles(await list({ changed: 'false' }, project))).toEqual(['c', 'a']);
  expect(titles(await list({ changed: 'true', scoring: 'failed', sort: 'author' }, project))).toEqual(['b']);
  expect(await readFilterOptions(kernel, { projectId: project })).toEqual({
    assignees: ['ada', 'bea'],
    alertTypes: ['Cpu', 'Disk'],
    chains: ['disks', 'kubernetes'],
    severities: ['critical', 'warning'],
  });
  expect(await readFilterOptions(kernel, { projectId: await newProject('empty') })).toEqual({
    alertTypes: [],
    chains: [],
    severities: [],
    assignees: [],
  });
});

test('search finds words, beginnings and halves of names in title, alert and answer', async () => {
  const project = await newProject('search');
  const id = await insertSession(db.database, {
    projectId: project,
    title: 'KubePodCrashLooping shop/checkout-7d9f',
    searchText: 'checkout.shop.svc.cluster.local exit_code=137 größe',
  });
  await insertSession(db.database, { projectId: project, title: 'DiskFull' });
  await db.database.pool.query(
    `update session set final_analysis = 'The Secret lacks the key dsn' where id = $1`,
    [id],
  );
  for (const q of [
    'checkout',
    'CHECK',
    'shop/checkout',
    'checkout-7',
    'crash',
    'KubePodCrash',
    'crash loop',
    'cluster.local',
    '137',
    'exit_code',
    'größe',
    'Größ',
    'secret dsn',
    'dsn, key!',
    id,
    ` ${id.toUpperCase()} `,
  ]) {
    expect(
      (await list({ q }, project)).items.map((item) => item.id),
      q,
    ).toEqual([id]);
  }
  for (const q of ['heckout', 'checkout disk', '!!!', 'zzz', '0199d0c4-0000-7000-8000-000000000001']) {
    expect((await list({ q }, project)).items, q).toEqual([]);
  }
  expect((await list({ q: '  ' }, project)).items).toHaveLength(2);
  expect(titles(await list({ q: 'looping disk' }, project))).toEqual([]);
  expect((await list({ q: id }, await newProject('search-other'))).items).toEqual([]);
});

test.each([
  "'",
  "''; drop table session; --",
  'a & | !',
  ':*',
  '<->',
  '(((',
  ')',
  '\\',
  "\\'",
  '%',
  '\0',
  'a\0b',
  '\ud800',
  '🔥',
  '-',
  '--',
  'a:b:c',
  "':*' & '",
  '1e309',
  '٣',
  'ﷺ',
  '\u202e',
  '<script>',
  '{}',
  '$1',
  '/*',
  '\n\t',
  'a'.repeat(500),
  '& '.repeat(250),
  'ſ',
  'İ',
  '−5',
  '-5',
  '0x1F',
  '1.2.3.4',
  'http://a/b?c=d',
  'me@example.com',
  '…',
  '—',
])('search text %j is no error', async (q) => {
  expect((await list({ q })).items).toBeInstanceOf(Array);
});

test.each([
  'x',
  encodeCursor({}),
  encodeCursor({ sort: '-createdAt', key: 'x', id: 'y' }),
  encodeCursor({ sort: '-createdAt', key: 1e300, id: '0199d0c4-0000-7000-8000-000000000001' }),
  encodeCursor({ sort: 'cost', key: 1, id: '0199d0c4-0000-7000-8000-000000000001' }),
  encodeCursor({ sort: 'author', key: 1, id: '0199d0c4-0000-7000-8000-000000000001' }),
  encodeCursor({ sort: 'author', key: '\0', id: '0199d0c4-0000-7000-8000-000000000001' }),
  encodeCursor({ sort: 'status', key: 'asleep', id: '0199d0c4-0000-7000-8000-000000000001' }),
  encodeCursor(null),
  '../../etc',
])('a cursor that is not of this list (%s) is a bad request', async (cursor) => {
  for (const sort of ['-createdAt', 'author', 'status'])
    await expect(list({ cursor, sort })).rejects.toMatchObject({ code: 'bad_request' });
});

test('extreme but valid places and times are no error', async () => {
  const id = '0199d0c4-0000-7000-8000-000000000001';
  const placesOf = (sort: string): (number | string)[] => {
    if (sort.endsWith('status')) return ['pending', 'cancelled'];
    if (sort.endsWith('rating')) return [0, 3];
    if (/alertType|author/.test(sort)) return ['', 'zz', '\u{10ffff}', '\ud800', "'"];
    return [-1, 0, 1e-320, 8.64e15];
  };
  for (const sort of sessionSortSchema.options) {
    for (const key of placesOf(sort)) {
      expect((await list({ sort, cursor: encodeCursor({ sort, key, id }) })).items).toBeInstanceOf(Array);
    }
  }
  await list({ from: '0000-01-01T00:00:00Z', to: '9999-12-31T23:59:59Z' });
});

test('a row says what the run is made of', async () => {
  const project = await newProject('made-of');
  await db.database.pool.query(`update session set status = 'cancelled' where status = 'pending'`);
  const plain = await insertSession(db.database, { projectId: project, title: 'plain' });
  const [before] = (await list({}, project)).items;
  expect(before).toMatchObject({
    stages: { done: 0, total: 3 },
    parallel: false,
    subAgents: 0,
    actionStage: false,
    changed: false,
    chatTurns: 0,
    providerFallbacks: 0,
    scoring: 'not_scored',
    foundInTimeline: false,
  });
  const run = await startInvestigation(db.database);
  expect(run.sessionId).toBe(plain);
  const { stage, execution } = run;
  const place = { stageId: stage.id, executionId: execution.id };
  await run.recorder.commit((batch) => {
    saveStage(batch, { ...stage, status: 'completed' });
    for (const index of [0, 1])
      saveExecution(batch, { ...execution, id: newId(), index, parentExecutionId: execution.id });
    batch.startItem({ ...place, type: 'provider_fallback', status: 'completed' });
    const act = { sessionId: plain, index: 1, name: 'act', type: 'action' } as const;
    saveStage(batch, newStage({ ...act, parallel: 'agents', actionsExecuted: false }));
  });
  const [during] = (await list({}, project)).items;
  expect(during).toMatchObject({
    stages: { done: 1, total: 3 },
    parallel: true,
    subAgents: 2,
    actionStage: true,
    changed: false,
    providerFallbacks: 1,
  });
  expect(sessionListItemSchema.parse(during)).toEqual(during);
  await run.recorder.commit((batch) => {
    const turn = { sessionId: plain, index: 2, name: 'chat', type: 'chat' } as const;
    saveStage(batch, newStage({ ...turn, followUpId: newId(), status: 'completed' }));
    saveStage(batch, { ...newStage({ ...turn, index: 3, type: 'action' }), actionsExecuted: true });
  });
  await finishInvestigation(run, 'done');
  const [after] = (await list({ changed: 'true' }, project)).items;
  expect(after).toMatchObject({ changed: true, chatTurns: 1, stages: { total: 3 } });
  const { running } = await listActiveSessions(kernel, { projectId: project });
  expect(running).toEqual([]);
});

test('a search finds what only the timeline says once the run has ended, and marks it', async () => {
  const project = await newProject('timeline-search');
  await db.database.pool.query(`update session set status = 'cancelled' where status = 'pending'`);
  await insertSession(db.database, { projectId: project, title: 'OddPlaces', searchText: 'whatever' });
  const run = await startInvestigation(db.database);
  const place = { stageId: run.stage.id, executionId: run.execution.id };
  await run.recorder.commit((batch) => {
    batch.startItem({
      ...place,
      type: 'thinking',
      status: 'completed',
      content: 'Perhaps the dialtone-proxy.',
    });
    const data = { tool: 'pods_log', arguments: { name: 'zebra-7f' }, result: 'exit_code=137 oom' };
    batch.startItem({ ...place, type: 'tool_call', status: 'completed', data });
  });
  const found = async (q: string) =>
    (await list({ q }, project)).items.map((item) => [item.title, item.foundInTimeline]);
  expect(await found('dialtone')).toEqual([]);
  await finishInvestigation(run, 'The gateway was full.');
  for (const q of ['dialtone', 'zebra-7f', 'pods_log', '137 oom', 'dialtone zebra', 'DIALTONE proxy'])
    expect(await found(q), q).toEqual([['OddPlaces', true]]);
  expect(await found('gateway')).toEqual([['OddPlaces', false]]);
  expect(await found('odd')).toEqual([['OddPlaces', false]]);
  expect(await found('dialtone nowhere')).toEqual([]);
});

test('what runs says how far it is, what waits says its place in the whole queue', async () => {
  const [here, there] = [await newProject('active'), await newProject('active-other')];
  await db.database.pool.query(`update session set status = 'cancelled' where status = 'pending'`);
  const running = await insertSession(db.database, { projectId: here, title: 'runs' });
  const run = await startInvestigation(db.database);
  expect(run.sessionId).toBe(running);
  await db.database.pool.query('update session set tool_calls = 12 where id = $1', [running]);
  await insertSession(db.database, { projectId: there, title: 'first in line' });
  const second = await insertSession(db.database, { projectId: here, title: 'second' });
  await insertSession(db.database, { projectId: here, title: 'third' });
  const active = await listActiveSessions(kernel, { projectId: here });
  expect(active.running.map((item) => item.progress)).toEqual(['stage 1 of 3 · look · 12 tool calls']);
  expect(active.queued.map((item) => [item.title, item.queuePosition])).toEqual([
    ['second', 2],
    ['third', 3],
  ]);
  expect(active.queuedTotal).toBe(2);
  const page = await list({}, here);
  expect(page.items.map((item) => item.queuePosition)).toEqual([3, 2, null]);
  for (const item of page.items) expect(sessionListItemSchema.parse(item)).toEqual(item);
  expect((await readSession(kernel, { projectId: here, sessionId: second })).queuePosition).toBe(2);
  await finishInvestigation(run, 'done');
  const after = await readSession(kernel, { projectId: here, sessionId: running });
  expect(after).toMatchObject({
    status: 'completed',
    finalAnalysis: 'done',
    queuePosition: null,
    plannedStages: 3,
  });
  expect((await listActiveSessions(kernel, { projectId: here })).running).toEqual([]);
});

test('a session is located for those who may see it, and does not exist for others', async () => {
  const sessionId = await insertSession(db.database, { projectId });
  const as = (memberships: [string, 'viewer'][]): Principal => ({
    kind: 'user',
    userId: 'u',
    name: 'u',
    memberships: new Map(memberships),
  });
  expect(await locateSession(kernel, { principal: as([[projectId, 'viewer']]), sessionId })).toEqual({
    project: 'list',
  });
  const hidden = locateSession(kernel, { principal: as([]), sessionId });
  await expect(hidden).rejects.toMatchObject({ code: 'not_found', message: 'Session not found' });
  const alertsKey: Principal = { kind: 'key', keyId: 'k', name: 'k', projectId, scope: 'alerts' };
  await expect(locateSession(kernel, { principal: alertsKey, sessionId })).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('deliveries are listed newest first with their number', async () => {
  const sessionId = await insertSession(db.database, { projectId });
  expect(await listDeliveries(kernel, { projectId, sessionId })).toEqual({ items: [], total: 0 });
  await db.database.pool.query(
    `insert into alert_delivery (id, alert_id, source, status, reason, received_at)
     select gen_random_uuid(), s.alert_id, 'alertmanager', 'firing', 'same fingerprint ' || n, now() + n * interval '1 second'
     from session s, generate_series(1, 203) n where s.id = $1`,
    [sessionId],
  );
  const { items, total } = await listDeliveries(kernel, { projectId, sessionId });
  expect(total).toBe(203);
  expect(items).toHaveLength(200);
  expect(items[0]?.reason).toBe('same fingerprint 203');
});

test('pages of a search hold every hit once, be it frequent or rare', async () => {
  const project = await newProject('search-pages');
  await insertVaried(project, 60);
  await db.database.pool.query(
    `update session set title = title || case when title in ('s3', 's57') then ' everywhere rare' else ' everywhere' end
     where project_id = $1`,
    [project],
  );
  for (const [q, hits] of [
    ['everyw', 60],
    ['rare', 2],
    ['rare everywhere', 2],
  ] as const) {
    for (const sort of sessionSortSchema.options) {
      for (const status of [undefined, 'completed,running']) {
        const ids: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await list({ q, sort, status, limit: 2, cursor }, project);
          ids.push(...page.items.map((item) => item.id));
          cursor = page.nextCursor ?? undefined;
        } while (cursor);
        const plain = await list({ sort, limit: 200 }, project);
        const expected = plain.items.filter((item) => hits === 60 || item.title.includes('rare'));
        expect(ids).toEqual(expected.map((item) => item.id));
        expect(ids).toHaveLength(hits);
      }
    }
  }
});

/** One more than its own values for each column, so that whatever is asked for is there, not there, or there elsewhere. */
async function insertMixed(project: string, count: number): Promise<void> {
  const random = seededRandom(11);
  const one = <T>(values: readonly T[]): T | undefined => values[Math.floor(random() * values.length)];
  for (let n = 0; n < count; n += 1) {
    const id = await insertSession(db.database, {
      projectId: project,
      title: `s${n}`,
      alertType: one(['cpu', 'disk', 'net']),
      severity: one(['critical', 'warning', null]),
      createdAt: new Date(Date.UTC(2026, 3, 1 + Math.floor(random() * 6))),
    });
    await db.database.pool.query(
      `update session set status = $2, chain = $3, review_status = $4, assignee = $5, rating = $6, score = $7, scoring = $8,
         changed = $9, cost_usd = $10, author = $11, started_at = created_at, completed_at = created_at + $12 * interval '1 second'
       where id = $1`,
      [
        id,
        one(['completed', 'failed', 'running']),
        one(['kubernetes', 'network']),
        one(['needs_review', 'reviewed', null]),
        one(['ada', 'bea', null]),
        one([...ratings, null]),
        one([10, 59, 60, 80, null]),
        one(['scored', 'failed', 'not_scored']),
        random() < 0.3,
        Math.floor(random() * 4),
        one(['ada', 'bea']),
        Math.floor(random() * 4),
      ],
    );
  }
}

/** What each filter of the list means, over what the list shows. */
const meanings: { [Name in keyof ListFilters]-?: (item: SessionListItem, value: string) => boolean } = {
  status: (item, value) => value.split(',').includes(item.status),
  alertType: (item, value) => item.alertType === value,
  chain: (item, value) => item.chain === value,
  severity: (item, value) => item.severity === value,
  review: (item, value) => item.review.status !== null && value.split(',').includes(item.review.status),
  assignee: (item, value) => item.review.assignee === value,
  rating: (item, value) => item.review.rating === value,
  score: ({ score }, value) => {
    const [low, high] = scoreBands[scoreBandSchema.parse(value)];
    return score !== null && score >= low && score <= high;
  },
  scoring: (item, value) => item.scoring === value,
  changed: (item, value) => String(item.changed) === value,
  from: (item, value) => item.createdAt >= value,
  to: (item, value) => item.createdAt <= value,
};
type ListFilters = Omit<SessionFilter, 'q'>;

const asked: Record<keyof ListFilters, readonly string[]> = {
  status: ['failed', 'failed,running', 'cancelled', 'failed,cancelled'],
  alertType: ['cpu', 'memory'],
  chain: ['network', 'disks'],
  severity: ['warning', 'info'],
  review: ['needs_review', 'needs_review,reviewed', 'in_progress'],
  assignee: ['ada', 'cyd'],
  rating: ratings,
  score: scoreBandNames,
  scoring: ['scored', 'failed', 'running'],
  changed: ['true', 'false'],
  from: ['2026-04-03T00:00:00.000Z'],
  to: ['2026-04-04T00:00:00.000Z'],
};

test('filters mean the same in every order, alone and together', async () => {
  const project = await newProject('mixed');
  await insertMixed(project, 120);
  const orders = new Map<string, SessionListItem[]>();
  for (const sort of sessionSortSchema.options)
    orders.set(sort, (await list({ sort, limit: 200 }, project)).items);
  const random = seededRandom(23);
  const one = <T>(values: readonly T[]): T | undefined => values[Math.floor(random() * values.length)];
  const single = typedKeys(asked).flatMap((name) => asked[name].map((value) => ({ [name]: value })));
  const mixed = Array.from({ length: 120 }, () =>
    Object.fromEntries(
      typedKeys(asked)
        .filter(() => random() < 0.2)
        .map((name) => [name, one(asked[name])]),
    ),
  );
  let hits = 0;
  for (const filters of [...single, ...mixed]) {
    const sort = one(sessionSortSchema.options) ?? '-createdAt';
    const expected = orders
      .get(sort)
      ?.filter((item) =>
        typedKeys(meanings).every((name) => !filters[name] || meanings[name](item, filters[name])),
      );
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ ...filters, sort, limit: 7, cursor }, project);
      ids.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(ids, JSON.stringify({ sort, ...filters })).toEqual(expected?.map((item) => item.id));
    hits += ids.length;
  }
  expect(hits).toBeGreaterThan(500);
});

const typedKeys = <T extends object>(object: T): (keyof T & string)[] =>
  Object.keys(object).filter((key): key is keyof T & string => Object.hasOwn(object, key));

test('every order with every filter is answered by an index alone', async () => {
  const everything = {
    ...Object.fromEntries(typedKeys(asked).map((name) => [name, asked[name][0]])),
    // Two that lead to a set of values, and a place to go on from.
    status: 'failed,running',
    review: 'needs_review,reviewed',
  };
  for (const sort of sessionSortSchema.options) {
    const options = listSessionsInputSchema.parse({ ...everything, sort });
    const { text, values } = buildListQuery({ ...options, projectId, digests: [] }, { kind: 'all' });
    const plan = await db.database.transaction(async (sql) => {
      // With few rows PostgreSQL reads them all and sorts; whether it could do without is what is asked here.
      for (const way of ['seqscan', 'bitmapscan', 'indexscan', 'sort', 'incremental_sort'])
        await sql.query(`set local enable_${way} = off`);
      const { rows } = await sql.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    const page = plan.slice(plan.indexOf('CTE page'), plan.indexOf('->', plan.indexOf('Index Cond')));
    expect(page, plan).toMatch(/Index Only Scan (Backward )?using session_order_/);
    expect(page, plan).not.toMatch(/Sort|Heap|Seq/);
  }
});
