import { expect } from 'vitest';
import { rowsOf, waitFor, waitForEnd } from '../runs.ts';
import type { CrashBed } from './crash-bed.ts';
import { crashTest } from './crash-test.ts';
import { holdStatement } from './hold-statement.ts';

/** The queue frees a dead worker's jobs after its third missed beat (15 s), then the job's own pause. */
const TAKE_OVER_LIMIT_MS = 45_000;
const YEARLY = '0 0 1 1 *';
const ANSWER = 'All is well.\n\n## Check outcome\nhealthy: all is well';

/** A check of the bed's project whose last tick was taken years ago: it is due as soon as a worker looks. */
async function setDueCheck(bed: CrashBed): Promise<void> {
  const [project] = await rowsOf<{ slug: string }>(bed.database, 'select slug from project where id = $1', [
    bed.projectId,
  ]);
  await bed.configure({ checks: { shop: { schedule: YEARLY, project: project?.slug, question: 'Look.' } } });
  await bed.database.pool.query(
    `insert into check_state (project_id, name, schedule, last_due_at) values ($1, 'shop', $2, '2020-06-01')`,
    [bed.projectId, `${YEARLY} UTC`],
  );
}

const runsOf = (bed: CrashBed) =>
  rowsOf<{ status: string; outcome: string | null; session_id: string }>(
    bed.database,
    'select status, outcome, session_id from check_run',
  );

crashTest(
  'killed in the middle of taking a tick: nothing of it is there, and the next worker takes it once',
  { script: [ANSWER] },
  async (bed) => {
    await setDueCheck(bed);
    const hold = await holdStatement(bed.database, { table: 'check_run', event: 'insert', when: 'true' });
    const first = await bed.startWorker();
    await hold.reached();
    await first.kill();
    await hold.release();
    expect(await rowsOf(bed.database, 'select 1 from session')).toEqual([]);
    await bed.startWorker();
    const run = await waitFor(
      async () => (await runsOf(bed))[0],
      'the tick was not taken',
      TAKE_OVER_LIMIT_MS,
    );
    expect(await waitForEnd(bed.database, run.session_id)).toBe('completed');
    expect(await runsOf(bed)).toMatchObject([{ status: 'ended', outcome: 'healthy' }]);
    expect(await rowsOf(bed.database, 'select 1 from session')).toHaveLength(1);
    expect(await bed.violations(run.session_id)).toEqual([]);
  },
);

crashTest(
  "killed while it writes what a check came to: outcome, end and notification are the next worker's, each once",
  { script: [ANSWER, ANSWER] },
  async (bed) => {
    await setDueCheck(bed);
    const hold = await holdStatement(bed.database, {
      table: 'check_run',
      event: 'update',
      when: `new.status = 'ended'`,
    });
    const first = await bed.startWorker();
    await hold.reached();
    await first.kill();
    await hold.release();
    expect(await runsOf(bed)).toMatchObject([{ status: 'started', outcome: null }]);
    await bed.startWorker();
    const run = await waitFor(
      async () => (await runsOf(bed)).find(({ status }) => status === 'ended'),
      'the run was not ended',
      TAKE_OVER_LIMIT_MS,
    );
    expect(run.outcome).toBe('healthy');
    expect(await rowsOf(bed.database, 'select 1 from session')).toHaveLength(1);
    expect(await bed.violations(run.session_id)).toEqual([]);
  },
);
