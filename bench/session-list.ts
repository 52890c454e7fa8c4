// Percentiles of the session list at 100,000 sessions and 2 million events: node bench/session-list.ts [--sessions N] [--events N]
// Uses an embedded database of its own, which it removes. Takes some minutes; --sessions 1000 --events 20000 is a smoke pass.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { countTriage } from '#src/features/reviews/server/count-triage.ts';
import { listAssignees } from '#src/features/reviews/server/list-assignees.ts';
import { listSessionsInputSchema } from '#src/features/sessions/schema.ts';
import { readFilterOptions } from '#src/features/sessions/server/read/filter-options.ts';
import { listActiveSessions } from '#src/features/sessions/server/read/list-active.ts';
import { listSessions } from '#src/features/sessions/server/read/list-sessions.ts';
import { snapshotChain } from '#src/server/config/index.ts';
import { type Database, openDatabase } from '#src/server/db/database.ts';
import { startEmbeddedPostgres } from '#src/server/db/embedded-postgres.ts';
import { migrate } from '#src/server/db/migrate.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { fixtureConfig, fixtureKernel } from '#test/session-fixtures.ts';

const { values: args } = parseArgs({
  options: {
    sessions: { type: 'string', default: '100000' },
    events: { type: 'string', default: '2000000' },
  },
});
const SESSIONS = Number(args.sessions);
const EVENTS = Number(args.events);
const RUNS = 200;
const PENDING = Math.min(1_000, Math.floor(SESSIONS / 10));

const dataDir = await mkdtemp(join(tmpdir(), 'tars-bench-'));
const server = await startEmbeddedPostgres({ dataDir });
const database = openDatabase(server.url);
try {
  await migrate(database);
  const projectId = await fill(database);
  await measure(fixtureKernel(database), projectId);
} finally {
  await database.close();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}

/** One project with 90 % of the sessions and one with the rest; types, words and severities are unevenly spread. */
async function fill(target: Database): Promise<string> {
  const started = performance.now();
  const [main, other] = [newId(), newId()];
  const { pool } = target;
  await pool.query(
    `insert into project (id, slug, name) values ($1, 'main', 'main'), ($2, 'other', 'other')`,
    [main, other],
  );
  // Filled row by row it would take many minutes; a run adds its row once, when it ends.
  await pool.query('drop index session_timeline_search');
  await pool.query(
    `insert into alert (id, project_id, source, status, alert_type, title, severity, data, first_fired_at, last_fired_at)
     select gen_random_uuid(), case when n % 10 = 0 then $2::uuid else $1::uuid end, 'api', 'resolved', 'kubernetes', 'alert ' || n,
       'critical', repeat('payload ', 40), now(), now()
     from generate_series(1, $3::int) n`,
    [main, other, SESSIONS],
  );
  await pool.query(
    `insert into session (id, project_id, alert_id, status, alert_type, chain, chain_snapshot, severity, title, author,
       created_at, started_at, completed_at, final_analysis, executive_summary, search_text, cost_usd, tool_calls, last_seq,
       review_status, assignee, rating, score, scoring, changed, timeline_search)
     select gen_random_uuid(), a.project_id, a.id,
       (case when n <= $1 then 'pending' when n <= $1 + 5 then 'running' when n % 50 = 0 then 'failed'
         when n % 997 = 0 then 'timed_out' else 'completed' end)::"RunStatus",
       'Type' || floor(40 * power(random(), 3)), case when n % 20 = 0 then 'network' else 'kubernetes' end, $2,
       (array['critical', 'warning', 'info'])[1 + floor(3 * power(random(), 2))::int],
       'KubePodCrashLooping shop/checkout-' || (n % 5000), 'alertmanager',
       now() - n * interval '1 minute', case when n > $1 then now() - n * interval '1 minute' end,
       case when n > $1 + 5 then now() - n * interval '1 minute' + random() * interval '10 minutes' end,
       repeat('The container exits because a key of the Secret is missing. ', 20) || 'ref' || (n % 700),
       'The pod restarts since its Secret lacks a key; word' || floor(20000 * power(random(), 2)),
       'namespace shop pod checkout-' || n || ' node worker-' || (n % 40), random() * 2, floor(random() * 40), $3,
       case when n <= $1 + 5 then null when n % 30 = 0 then 'needs_review' when n % 500 = 0 then 'in_progress' else 'reviewed' end::"ReviewStatus",
       case when n % 4 = 0 then 'person ' || (n % 200) end,
       case when n % 9 = 0 then (array['accurate', 'partially_accurate', 'inaccurate'])[1 + n % 3]::"Rating" end,
       case when n % 3 = 0 then floor(100 * random())::int end,
       (case when n % 3 = 0 then 'scored' when n % 700 = 1 then 'failed' else 'not_scored' end)::"Scoring", n % 40 = 0,
       -- Some 200 different words, as a run of a dozen tool calls has; some are in many timelines, some in few.
       to_tsvector('simple', 'seen' || floor(20000 * power(random(), 2)) || ' trace' || n || ' everywhere ' || coalesce(
         (select string_agg('w' || (n * 31 + i * 17) % 9000, ' ') from generate_series(1, 200) i), ''))
     from (select id, project_id, row_number() over () as n from alert) a`,
    [PENDING, JSON.stringify(snapshotChain(fixtureConfig(), 'kubernetes')), Math.ceil(EVENTS / SESSIONS)],
  );
  await pool.query(
    `insert into stage (id, session_id, index, name, type, status) select gen_random_uuid(), id, 0, 'look', 'investigation', status from session`,
  );
  await pool.query(
    `insert into stage (id, session_id, index, name, type, status, follow_up_id)
     select gen_random_uuid(), id, n, 'more', case when n = 4 then 'chat' else 'investigation' end, 'completed', case when n = 4 then id end
     from session, generate_series(1, 4) n where status = 'completed'`,
  );
  await pool.query(
    `insert into execution (id, session_id, stage_id, index, agent, status, provider, model, parent_execution_id)
     select gen_random_uuid(), session_id, id, 0, 'kubernetes', status, 'main', 'm', case when index = 1 then id end from stage`,
  );
  await pool.query(
    `insert into session_event (session_id, seq, type, payload)
     select s.id, n, 'item.delta', jsonb_build_object('itemId', s.id, 'offset', n, 'text', repeat('text ', 10))
     from session s, generate_series(1, $1::int) n`,
    [Math.ceil(EVENTS / SESSIONS)],
  );
  await pool.query('create index session_timeline_search on session using gin (timeline_search)');
  await pool.query('vacuum analyze');
  const { rows } = await pool.query(
    'select (select count(*) from session) as sessions, (select count(*) from session_event) as events',
  );
  console.log(
    `${rows[0].sessions} sessions, ${rows[0].events} events written in ${Math.round((performance.now() - started) / 1000)} s`,
  );
  return main;
}

async function measure(kernel: Kernel, projectId: string): Promise<void> {
  const list = (input: Record<string, unknown>) => () =>
    listSessions(kernel, { ...listSessionsInputSchema.parse(input), projectId });
  const deep = await pageCursor(kernel, projectId, 20);
  const since = new Date(Date.now() - 3 * 86_400_000).toISOString();
  const cases: [string, () => Promise<unknown>][] = [
    ['newest', list({})],
    ['newest, 200 rows', list({ limit: 200 })],
    ['page 20', list({ cursor: deep })],
    ['oldest first', list({ sort: 'createdAt' })],
    ['longest', list({ sort: '-duration' })],
    ['dearest', list({ sort: '-cost' })],
    ['failed', list({ status: ['failed'] })],
    ['failed or timed out', list({ status: ['failed', 'timed_out'] })],
    ['cancelled (none)', list({ status: ['cancelled'] })],
    ['pending', list({ status: ['pending'] })],
    ['rare type', list({ alertType: 'Type39' })],
    ['common type', list({ alertType: 'Type0' })],
    ['unknown type', list({ alertType: 'nothing' })],
    ['type, severity, chain', list({ alertType: 'Type7', severity: 'warning', chain: 'network' })],
    [
      'type, chain, failed, longest',
      list({ alertType: 'Type20', chain: 'network', status: ['failed'], sort: '-duration' }),
    ],
    ['last three days', list({ from: since })],
    ['severity, oldest of a month', list({ severity: 'info', sort: 'createdAt', to: since })],
    ['q: word in every session', list({ q: 'container' })],
    ['q: word in few', list({ q: 'ref123' })],
    ['q: prefix of many words', list({ q: 'word1' })],
    ['q: one session', list({ q: 'checkout-77777' })],
    ['q: several words', list({ q: 'shop worker 17 missing' })],
    ['q: nothing', list({ q: 'zzzzzz' })],
    ['q: common and failed', list({ q: 'checkout', status: ['failed'] })],
    ['q: few, dearest', list({ q: 'ref55', sort: '-cost' })],
    ['needs review', list({ review: ['needs_review'] })],
    ['in review, ended', list({ review: ['in_progress'], status: ['completed', 'failed'] })],
    ['of one reviewer', list({ assignee: 'person 4' })],
    ['of nobody known', list({ assignee: 'nobody' })],
    ['rated inaccurate', list({ rating: 'inaccurate' })],
    ['poor scores', list({ score: 'poor' })],
    ['best scores first', list({ sort: '-score' })],
    ['rated, best first', list({ sort: '-rating' })],
    ['by status', list({ sort: 'status' })],
    ['by alert type', list({ sort: 'alertType' })],
    ['by author, failed', list({ sort: '-author', status: ['failed'] })],
    ['changed something', list({ changed: 'true' })],
    ['changed nothing, oldest first', list({ changed: 'false', sort: 'createdAt' })],
    ['changed, dearest', list({ changed: 'true', sort: '-cost' })],
    ['scoring failed', list({ scoring: 'failed' })],
    ['being scored (none)', list({ scoring: 'running' })],
    ['not scored, failed', list({ scoring: 'not_scored', status: ['failed'] })],
    ['q: timeline, every session', list({ q: 'everywhere' })],
    ['q: timeline, prefix of many', list({ q: 'seen1' })],
    ['q: timeline, one session', list({ q: 'trace77777' })],
    ['q: timeline, 1 in 20', list({ q: 'w77' })],
    ['q: few, changed, dearest', list({ q: 'ref55', changed: 'true', sort: '-cost' })],
    ['triage: counts', () => countTriage(kernel, { projectId })],
    ['triage: counts of one reviewer', () => countTriage(kernel, { projectId, assignee: 'person 4' })],
    ['triage: reviewers', () => listAssignees(kernel, { projectId })],
    ['active (1,000 queued)', () => listActiveSessions(kernel, { projectId })],
    ['filter options', () => readFilterOptions(kernel, { projectId })],
  ];
  console.log(
    `${'list'.padEnd(32)} ${['p50', 'p95', 'p99', 'max'].map((name) => name.padStart(8)).join('')}   ms, ${RUNS} runs`,
  );
  for (const [name, run] of cases) {
    for (let warmUp = 0; warmUp < 3; warmUp += 1) await run();
    const times: number[] = [];
    for (let n = 0; n < RUNS; n += 1) {
      const before = performance.now();
      await run();
      times.push(performance.now() - before);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) =>
      times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? Number.NaN;
    const figures = [at(0.5), at(0.95), at(0.99), at(1)].map((ms) => ms.toFixed(1).padStart(8)).join('');
    console.log(`${name.padEnd(32)} ${figures}`);
  }
}

async function pageCursor(kernel: Kernel, projectId: string, pages: number): Promise<string | undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < pages; page += 1) {
    const result = await listSessions(kernel, { ...listSessionsInputSchema.parse({ cursor }), projectId });
    cursor = result.nextCursor ?? cursor;
  }
  return cursor;
}
