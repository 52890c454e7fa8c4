import { beforeEach, describe, expect, test } from 'vitest';
import { finishSession, type SessionEnd } from '#src/features/sessions/server/index.ts';
import { type CheckResult, formatOutcome } from '#src/lib/check-outcome.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { createTestKernel, createTestProject } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { postAlert, rowsOf } from '#test/runs.ts';
import type { CheckRunView } from '../schema.ts';
import { pauseCheck, resumeCheck, runCheckNow } from './command-check.ts';
import { listChecks } from './list-checks.ts';
import { runDueChecks } from './run-due-checks.ts';

const db = useTestDatabase();
let kernel: Kernel & { setConfig(config: unknown): Promise<void> };
let projectId: string;
let config: (check?: object, rest?: object) => object;

const at = (time: string) => new Date(`2026-01-10T${time}Z`);
const START = at('05:50:00');
const SIX = at('06:00:01');
const SEVEN = at('07:00:01');

beforeEach(async () => {
  await db.database.pool.query('delete from project');
  await db.database.pool.query('delete from system_warning');
  const project = await createTestProject(db.database);
  projectId = project.id;
  config = (check = {}, rest = {}) => ({
    checks: {
      shop: { schedule: '0 * * * *', project: project.slug, question: 'Look at namespace shop.', ...check },
    },
    ...rest,
  });
  kernel = await createTestKernel(db.database, config());
  await runDueChecks(kernel, START);
});

const shop = async () => {
  const { items } = await listChecks(kernel, { projectId });
  const [check] = items;
  if (!check) throw new Error('there is no check');
  return check;
};
const history = async (): Promise<CheckRunView[]> => (await shop()).history;
const newest = async (): Promise<CheckRunView> => {
  const [run] = await history();
  if (!run) throw new Error('there is no run');
  return run;
};
const sessions = () => rowsOf<{ id: string; status: string }>(db.database, 'select id, status from session');
const found = (...keys: string[]): CheckResult => ({
  outcome: 'findings',
  summary: `${keys.length} problems`,
  findings: keys.map((key) => ({ key, text: `${key} is broken` })),
});
const healthy: CheckResult = { outcome: 'healthy', summary: 'All is well.', findings: [] };

/** Ends the run that is open, with what its analysis says. */
async function end(result: CheckResult | null, how: SessionEnd = { status: 'completed' }): Promise<string> {
  const { openSessionId: sessionId } = await shop();
  if (!sessionId) throw new Error('no run is open');
  await db.database.pool.query(`update session set status = 'running', final_analysis = $2 where id = $1`, [
    sessionId,
    result && `# Looked\n\n${formatOutcome(result)}`,
  ]);
  await db.database.transaction((sql) => finishSession(sql, { sessionId, end: how }));
  return sessionId;
}
const wasTold = async (sessionId: string) =>
  (
    await rowsOf(db.database, 'select 1 from graphile_worker.jobs where key = $1', [
      `dispatch-notification:${sessionId}:ended:`,
    ])
  ).length === 1;

describe('ticks', () => {
  test('a check that is seen for the first time catches nothing up; its tick makes an ordinary session', async () => {
    expect(await history()).toEqual([]);
    await runDueChecks(kernel, at('05:59:59'));
    expect(await sessions()).toEqual([]);
    await runDueChecks(kernel, SIX);
    const [row] = await rowsOf(
      db.database,
      `select s.title, s.alert_type, s.chain, s.severity, s.author, s.status, a.source, a.labels, a.data
       from session s join alert a on a.id = s.alert_id`,
    );
    expect(row).toEqual({
      title: 'Check shop',
      alert_type: 'check',
      chain: 'kubernetes',
      severity: 'info',
      author: 'check:shop',
      status: 'pending',
      source: 'check',
      labels: { check: 'shop' },
      data: 'Look at namespace shop.',
    });
    expect(await newest()).toMatchObject({ status: 'started', trigger: 'schedule', reason: null });
    const jobs = await rowsOf(
      db.database,
      `select 1 from graphile_worker.jobs where task_identifier = 'run-session'`,
    );
    expect(jobs).toHaveLength(1);
  });

  test('many workers at once make one session of a tick, and one of the next', async () => {
    const other = await createTestKernel(db.database, config());
    const all = (now: Date) =>
      Promise.all(Array.from({ length: 12 }, (_, n) => runDueChecks(n % 2 ? kernel : other, now)));
    await all(SIX);
    expect(await sessions()).toHaveLength(1);
    await all(at('06:30:00'));
    expect(await sessions()).toHaveLength(1);
    await end(healthy);
    await all(SEVEN);
    expect(await sessions()).toHaveLength(2);
    expect((await history()).map(({ dueAt }) => dueAt)).toEqual([
      '2026-01-10T07:00:00.000Z',
      '2026-01-10T06:00:00.000Z',
    ]);
  });

  test('what is written half is not there: a tick whose session cannot be written is taken later', async () => {
    await db.database.pool.query(
      `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
       create trigger refuse before insert on check_run for each row execute function refuse()`,
    );
    await runDueChecks(kernel, SIX);
    await db.database.pool.query('drop function refuse cascade');
    expect(await sessions()).toEqual([]);
    await runDueChecks(kernel, at('06:00:03'));
    expect(await sessions()).toHaveLength(1);
    expect(await history()).toHaveLength(1);
  });

  test('a tick is skipped while the run before is open, and says so', async () => {
    await runDueChecks(kernel, SIX);
    await runDueChecks(kernel, SEVEN);
    expect(await sessions()).toHaveLength(1);
    expect(await newest()).toMatchObject({
      status: 'skipped',
      reason: 'the run before had not ended',
      sessionId: null,
    });
    await end(healthy);
    await runDueChecks(kernel, at('08:00:01'));
    expect(await sessions()).toHaveLength(2);
  });

  test('after downtime one run catches up', async () => {
    await runDueChecks(kernel, at('11:20:00'));
    expect(await sessions()).toHaveLength(1);
    expect(await history()).toMatchObject([
      {
        dueAt: '2026-01-10T11:00:00.000Z',
        trigger: 'catch_up',
        reason: '5 earlier runs were missed while no worker ran',
      },
    ]);
  });

  test('a full queue: it waits, is tried again within its hour, and gives way to the next tick', async () => {
    await kernel.setConfig(config({}, { queue: { maxPendingSessions: 1 } }));
    await postAlert(kernel, projectId);
    await runDueChecks(kernel, SIX);
    await runDueChecks(kernel, at('06:10:00'));
    expect(await history()).toMatchObject([
      { status: 'waiting', reason: expect.stringContaining('the queue was full') },
    ]);
    await db.database.pool.query(`update session set status = 'running'`);
    await runDueChecks(kernel, at('06:20:00'));
    expect(await history()).toMatchObject([
      { status: 'started', dueAt: '2026-01-10T06:00:00.000Z', reason: null },
    ]);

    await end(healthy);
    await postAlert(kernel, projectId);
    await runDueChecks(kernel, SEVEN);
    await runDueChecks(kernel, at('08:00:01'));
    expect(await history()).toMatchObject([
      { status: 'waiting', dueAt: '2026-01-10T08:00:00.000Z' },
      { status: 'skipped', reason: 'the queue was full until the next run was due' },
      { status: 'ended' },
    ]);
  });

  test('another schedule counts from when it is seen', async () => {
    await kernel.setConfig(config({ schedule: '55 5 * * *' }));
    await runDueChecks(kernel, at('06:30:00'));
    expect(await sessions()).toEqual([]);
    await runDueChecks(kernel, new Date('2026-01-11T05:55:01Z'));
    expect(await sessions()).toHaveLength(1);
  });

  test('a chain of its own, labels, and a title; a question is masked like any alert', async () => {
    await kernel.setConfig(
      config(
        { chain: 'look', title: 'Shop', labels: { team: 'a' }, question: 'Use password: "hunter2hunter2"' },
        { chains: { look: { stages: [{ name: 's', agents: ['kubernetes'] }] } } },
      ),
    );
    await runDueChecks(kernel, SIX);
    const [row] = await rowsOf(
      db.database,
      'select s.title, s.chain, a.labels, a.data from session s join alert a on a.id = s.alert_id',
    );
    expect(row).toMatchObject({ title: 'Shop', chain: 'look', labels: { team: 'a', check: 'shop' } });
    expect(row?.data).not.toContain('hunter2');
  });

  test('a runbook that may not be fetched is why the run is skipped', async () => {
    await kernel.setConfig(config({ runbook: 'https://elsewhere.example/book.md' }));
    await runDueChecks(kernel, SIX);
    expect(await newest()).toMatchObject({ status: 'skipped', reason: expect.stringContaining('runbook') });
  });

  test('a project that does not exist is a warning, gone when it is mended', async () => {
    await kernel.setConfig(config({ project: 'nowhere' }));
    await runDueChecks(kernel, SIX);
    await runDueChecks(kernel, SEVEN);
    const warnings = () => rowsOf(db.database, 'select key, message from system_warning');
    expect(await warnings()).toEqual([
      { key: 'check:shop', message: expect.stringContaining('no project "nowhere"') },
    ]);
    await kernel.setConfig(config());
    await runDueChecks(kernel, SEVEN);
    expect(await warnings()).toEqual([]);
  });

  test('old runs are dropped', async () => {
    await db.database.pool.query(
      `insert into check_run (id, project_id, name, due_at, trigger, status, notify)
       select gen_random_uuid(), $1, 'shop', timestamptz '2026-01-01' - n * interval '1 hour', 'schedule', 'skipped', 'never'
       from generate_series(1, 1100) n`,
      [projectId],
    );
    await runDueChecks(kernel, SIX);
    const [row] = await rowsOf<{ n: number }>(db.database, 'select count(*)::int as n from check_run');
    expect(row?.n).toBe(1_000);
  });
});

describe('commands', () => {
  const command = () => ({ projectId, name: 'shop', actor: 'ada' });

  test('run now makes a session for whoever asked, once at a time', async () => {
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => runCheckNow(kernel, command())));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await sessions()).toHaveLength(1);
    expect(await newest()).toMatchObject({ trigger: 'manual', status: 'started' });
    await expect(runCheckNow(kernel, command())).rejects.toMatchObject({ code: 'conflict' });
    await end(healthy);
    await expect(runCheckNow(kernel, { ...command(), name: 'other' })).rejects.toMatchObject({
      code: 'not_found',
    });
    await kernel.setConfig(config({ enabled: false }));
    await expect(runCheckNow(kernel, command())).rejects.toMatchObject({ code: 'conflict' });
  });

  test('run now leaves the schedule alone', async () => {
    await runCheckNow(kernel, command());
    await end(healthy);
    await runDueChecks(kernel, SIX);
    expect(await sessions()).toHaveLength(2);
  });

  test('run now on a full queue is refused', async () => {
    await kernel.setConfig(config({}, { queue: { maxPendingSessions: 1 } }));
    await postAlert(kernel, projectId);
    await expect(runCheckNow(kernel, command())).rejects.toMatchObject({ code: 'too_many_requests' });
    expect(await history()).toEqual([]);
  });

  test('a paused check takes no tick, can be run by hand, and makes up for nothing', async () => {
    expect((await pauseCheck(kernel, command())).paused?.by).toBe('ada');
    await pauseCheck(kernel, { ...command(), actor: 'bob' });
    await runDueChecks(kernel, SIX);
    expect(await sessions()).toEqual([]);
    expect(await shop()).toMatchObject({ paused: { by: 'ada' }, nextRunAt: null });
    await runCheckNow(kernel, command());
    await end(healthy);
    const resumed = await resumeCheck(kernel, command());
    expect(resumed.paused).toBeNull();
    expect(Date.parse(resumed.nextRunAt ?? '')).toBeGreaterThan(Date.now());
    // Resumed by the real clock, which is later than the times of this file.
    await runDueChecks(kernel, new Date());
    expect(await sessions()).toHaveLength(1);
  });

  test('a check that is turned off is listed and not run', async () => {
    await kernel.setConfig(config({ enabled: false }));
    await runDueChecks(kernel, SIX);
    expect(await sessions()).toEqual([]);
    expect(await shop()).toMatchObject({ enabled: false, nextRunAt: null, scheduleText: 'Every hour' });
  });
});

describe('outcomes', () => {
  /** One run after the other, hour by hour. */
  async function runs(results: (CheckResult | null)[], check: object = {}) {
    await kernel.setConfig(config(check));
    const told: boolean[] = [];
    for (const [index, result] of results.entries()) {
      await runDueChecks(kernel, new Date(SIX.getTime() + index * 3_600_000));
      told.push(await wasTold(await end(result)));
    }
    return told;
  }

  test('findings are told when they come, change and go; the same ones are unchanged', async () => {
    expect(await runs([found('a'), found('a'), found('b', 'a'), found('a', 'b'), healthy, healthy])).toEqual([
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
    const [last, , again, changed] = await history();
    expect(last).toMatchObject({ outcome: 'healthy', unchanged: true });
    expect(again).toMatchObject({
      outcome: 'findings',
      unchanged: true,
      since: changed?.endedAt,
      notified: false,
    });
    expect(again?.findings.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  test('an answer without an outcome is unknown: told once, and no end of the findings', async () => {
    expect(await runs([found('a'), null, null, found('a'), null, healthy])).toEqual([
      true,
      true,
      false,
      false,
      true,
      true,
    ]);
    expect((await history())[1]).toMatchObject({
      outcome: 'unknown',
      summary: 'The answer does not say what the check came to.',
    });
  });

  test('"always" tells each end, "never" none', async () => {
    expect(await runs([healthy, healthy], { notify: 'always' })).toEqual([true, true]);
  });

  test('"never" tells none', async () => {
    expect(await runs([found('a'), healthy], { notify: 'never' })).toEqual([false, false]);
  });

  test('a failed run is unknown with its error; a cancelled one is no outcome', async () => {
    await runDueChecks(kernel, SIX);
    expect(await wasTold(await end(null, { status: 'failed', error: 'no model answered' }))).toBe(true);
    expect(await newest()).toMatchObject({ outcome: 'unknown', summary: 'no model answered' });
    await runDueChecks(kernel, SEVEN);
    const cancelled = await end(null, { status: 'cancelled', statusReason: 'cancelled by ada' });
    expect(await wasTold(cancelled)).toBe(false);
    expect(await newest()).toMatchObject({ status: 'ended', outcome: null, reason: 'cancelled by ada' });
    expect((await shop()).last).toMatchObject({ summary: 'no model answered' });
  });

  test('a masked name has another placeholder in each session and is the same problem all the same', async () => {
    const told: boolean[] = [];
    for (const [index, placeholder] of ['[HOST_aaaaaaaa]', '[HOST_bbbbbbbb]'].entries()) {
      await runDueChecks(kernel, new Date(SIX.getTime() + index * 3_600_000));
      await db.database.pool.query(
        `insert into masked_identifier (session_id, placeholder, kind, ciphertext, digest) values ($1, $2, 'HOST', '', '\\xabcdef')`,
        [(await shop()).openSessionId, placeholder],
      );
      told.push(await wasTold(await end(found(`node/${placeholder} pressure`))));
    }
    expect(told).toEqual([true, false]);
    expect((await newest()).findings[0]?.key).toBe('node/[host:abcdef] pressure');
  });

  test('only news asks for a review', async () => {
    await runs([found('a'), found('a'), healthy, healthy]);
    const rows = await rowsOf<{ review_status: string }>(
      db.database,
      'select review_status from session order by arrival',
    );
    expect(rows.map(({ review_status }) => review_status)).toEqual([
      'needs_review',
      'reviewed',
      'needs_review',
      'reviewed',
    ]);
  });
});
