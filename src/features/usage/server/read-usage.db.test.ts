import { beforeAll, describe, expect, test } from 'vitest';
import type { Kernel } from '#src/server/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { fixtureKernel, insertProject, insertSession } from '#test/session-fixtures.ts';
import { readUsage } from './read-usage.ts';
import { usageOperations } from './rest.ts';

const db = useTestDatabase();
let kernel: Kernel;
let projectId: string;
let quiet: string;
const sessions: Record<'big' | 'cheap' | 'local' | 'foreign', string> = {
  big: '',
  cheap: '',
  local: '',
  foreign: '',
};

type Row = {
  session: keyof typeof sessions;
  day: string;
  kind?: string;
  model?: string;
  calls: number;
  cost: number;
};

/** Each call has 100 tokens in and 10 out; a cost of -1 stands for an unknown price. */
async function use(row: Row): Promise<void> {
  const known = row.cost >= 0;
  await db.database.pool.query(
    `insert into usage_day (session_id, day, kind, provider, model, project_id, alert_type, chain, calls, unpriced_calls,
       input_tokens, cached_input_tokens, output_tokens, reasoning_tokens, cost_usd)
     select id, $2, $3, 'main', $4, project_id, alert_type, chain, $5, $6, $5 * 100, $5 * 40, $5 * 10, $5 * 3, $7
     from session where id = $1`,
    [
      sessions[row.session],
      row.day,
      row.kind ?? 'iteration',
      row.model ?? 'large',
      row.calls,
      known ? 0 : row.calls,
      known ? row.cost : 0,
    ],
  );
}

const report = (options: Partial<Parameters<typeof readUsage>[1]> = {}) =>
  readUsage(kernel, {
    projectId,
    rankBy: 'cost',
    top: 20,
    from: '2026-11-01',
    to: '2026-11-05',
    ...options,
  });

beforeAll(async () => {
  kernel = fixtureKernel(db.database);
  ({ id: projectId } = await insertProject(db.database, 'usage'));
  ({ id: quiet } = await insertProject(db.database, 'quiet'));
  const other = await insertProject(db.database, 'other');
  const session = async (alertType: string, chain: string, project = projectId) => {
    const id = await insertSession(db.database, { projectId: project });
    await db.database.pool.query('update session set alert_type = $2, chain = $3, title = $2 where id = $1', [
      id,
      alertType,
      chain,
    ]);
    return id;
  };
  sessions.big = await session('KubePodCrashLooping', 'kubernetes');
  sessions.cheap = await session('KubePodCrashLooping', 'kubernetes');
  sessions.local = await session('DiskFull', 'hosts');
  sessions.foreign = await session('DiskFull', 'hosts', other.id);
  await use({ session: 'big', day: '2026-11-02', calls: 10, cost: 2 });
  await use({
    session: 'big',
    day: '2026-11-03',
    calls: 1,
    cost: 0.1,
    kind: 'executive_summary',
    model: 'small',
  });
  await use({ session: 'cheap', day: '2026-11-03', calls: 2, cost: 0.3 });
  await use({ session: 'local', day: '2026-11-05', calls: 40, cost: -1, model: 'cellar' });
  await use({ session: 'local', day: '2026-11-06', calls: 7, cost: 1 });
  await use({ session: 'foreign', day: '2026-11-03', calls: 99, cost: 99 });
});

describe('a report', () => {
  test('adds up to its totals, whichever way it is cut', async () => {
    const usage = await report();
    expect(usage.totals).toMatchObject({ calls: 53, unpricedCalls: 40, sessions: 3 });
    expect(usage.totals).toMatchObject({
      inputTokens: 5300,
      cachedInputTokens: 2120,
      outputTokens: 530,
      reasoningTokens: 159,
    });
    expect(usage.totals.costUsd).toBeCloseTo(2.4);
    for (const part of [
      usage.byDay,
      usage.byModel,
      usage.byKind,
      usage.byChain,
      usage.byAlertType,
      usage.topSessions,
    ]) {
      expect(part.reduce((sum, row) => sum + row.calls, 0)).toBe(53);
      expect(part.reduce((sum, row) => sum + (row.costUsd ?? 0), 0)).toBeCloseTo(2.4);
    }
  });

  test('names days, models, kinds, chains and alert types, the dearest first', async () => {
    const usage = await report();
    expect(usage.byDay.map((row) => [row.day, row.calls])).toEqual([
      ['2026-11-01', 0],
      ['2026-11-02', 10],
      ['2026-11-03', 3],
      ['2026-11-04', 0],
      ['2026-11-05', 40],
    ]);
    expect(usage.byModel.map((row) => [row.provider, row.model])).toEqual([
      ['main', 'large'],
      ['main', 'small'],
      ['main', 'cellar'],
    ]);
    expect(usage.byKind.map((row) => row.kind)).toEqual(['iteration', 'executive_summary']);
    expect(usage.byChain.map((row) => [row.chain, row.sessions])).toEqual([
      ['kubernetes', 2],
      ['hosts', 1],
    ]);
    expect(usage.byAlertType.map((row) => row.alertType)).toEqual(['KubePodCrashLooping', 'DiskFull']);
    expect(usage.topSessions.map((row) => row.id)).toEqual([sessions.big, sessions.cheap, sessions.local]);
  });

  test('ranks by tokens where that is asked for', async () => {
    const usage = await report({ rankBy: 'tokens', top: 2 });
    expect(usage.topSessions.map((row) => row.id)).toEqual([sessions.local, sessions.big]);
    expect(usage.byModel[0]?.model).toBe('cellar');
    expect(usage.byChain[0]?.chain).toBe('hosts');
  });

  test('can be of one chain or one alert type', async () => {
    expect((await report({ chain: 'hosts' })).totals).toMatchObject({ calls: 40, sessions: 1 });
    expect((await report({ alertType: 'KubePodCrashLooping' })).totals).toMatchObject({
      calls: 13,
      sessions: 2,
    });
    expect((await report({ chain: 'nothing' })).totals).toMatchObject({ calls: 0, sessions: 0 });
  });

  test('of a project that has used nothing is empty, not missing', async () => {
    const usage = await report({ projectId: quiet });
    expect(usage.totals).toMatchObject({ calls: 0, costUsd: 0, sessions: 0 });
    expect(usage.byDay).toHaveLength(5);
    expect(usage.topSessions).toEqual([]);
  });
});

test('the operation refuses an impossible range in its answer, not in the log', async () => {
  const query = usageOperations[0]?.query;
  expect(query?.safeParse({ from: 'yesterday' }).success).toBe(false);
  expect(query?.safeParse({ from: '2026-11-26', top: '5' }).data).toMatchObject({ top: 5 });
  await expect(report({ from: '2026-11-06' })).rejects.toMatchObject({ code: 'bad_request' });
});
