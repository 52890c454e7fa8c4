import { expect } from 'vitest';
import { readSession } from '#src/features/sessions/server/read/read-session.ts';
import type { TurnPicker } from '../llm-protocol/pick-turn.ts';
import { rowsOf, waitFor, waitForEnd } from '../runs.ts';
import type { CrashBed } from './crash-bed.ts';
import { crashTest } from './crash-test.ts';

/** Holds each run at its first request until `go`, has it use a tool with the mark of its own alert, and concludes with it. */
const markedScript: TurnPicker = ({ conversation, assistantTurns }) => {
  const marks = new Set(JSON.stringify(conversation).match(/MARK-\d+/g));
  const mark = [...marks].join(' and ');
  if (assistantTurns > 0) return { startDelayMs: 100, text: `The cause is ${mark}.` };
  return {
    startGate: 'go',
    startDelayMs: 100,
    toolCalls: [{ name: 'box__echo', arguments: { text: mark } }],
  };
};

type Sample = { running: number; perWorker: number };

/** Looks at what runs, again and again, until `stop`; returns the highest counts of any moment. */
function sampleRunning(bed: CrashBed): { stop(): Promise<Sample> } {
  const highest: Sample = { running: 0, perWorker: 0 };
  let stopped = false;
  const sampling = (async () => {
    while (!stopped) {
      const rows = await rowsOf<{ n: number }>(
        bed.database,
        `select count(*) as n from session where status in ('running', 'cancelling') group by lease_owner`,
      );
      highest.running = Math.max(
        highest.running,
        rows.reduce((sum, row) => sum + row.n, 0),
      );
      highest.perWorker = Math.max(highest.perWorker, ...rows.map((row) => row.n));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  return {
    async stop() {
      stopped = true;
      await sampling;
      return highest;
    },
  };
}

const runningCount = async (bed: CrashBed): Promise<number> =>
  (await rowsOf(bed.database, `select 1 from session where status = 'running'`)).length;

async function postMarked(bed: CrashBed, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 1; n <= count; n += 1)
    ids.push(await bed.post({ title: `Alert MARK-${n}`, data: `It is MARK-${n}.` }));
  return ids;
}

crashTest(
  'twelve alerts, three workers, two at a time: exact, first come first served, nothing mixed up',
  { script: markedScript, config: { queue: { maxRunningSessions: 2, workerConcurrency: 2 } } },
  async (bed) => {
    const { database, kernel, projectId } = bed;
    const ids = await postMarked(bed, 12);
    const positions = async () =>
      Promise.all(
        ids.map(async (sessionId) => (await readSession(kernel, { projectId, sessionId })).queuePosition),
      );
    expect(await positions()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const samples = sampleRunning(bed);
    await Promise.all([bed.startWorker(), bed.startWorker(), bed.startWorker()]);
    await bed.model.waitForRequests(2, 30_000);
    expect(await positions()).toEqual([null, null, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    bed.model.release('go');
    for (const id of ids) expect(await waitForEnd(database, id, 60_000)).toBe('completed');
    expect((await samples.stop()).running).toBe(2);
    expect(bed.model.maxConcurrentRequests).toBe(2);
    const runs = await rowsOf<{ id: string; started_at: Date; completed_at: Date }>(
      database,
      'select id, started_at, completed_at from session order by started_at, arrival',
    );
    expect(runs.map((run) => run.id)).toEqual(ids);
    for (const run of runs) {
      const others = runs.filter(
        (other) => other !== run && other.started_at <= run.started_at && other.completed_at > run.started_at,
      );
      expect(others.length).toBeLessThan(2);
    }
    for (const [index, sessionId] of ids.entries()) {
      expect(await marksOf(bed, sessionId)).toEqual([`MARK-${index + 1}`]);
      expect(await bed.violations(sessionId)).toEqual([]);
    }
  },
);

crashTest(
  'one worker takes as many sessions as its slots, however many jobs come at once',
  { script: markedScript, config: { queue: { maxRunningSessions: 10, workerConcurrency: 2 } } },
  async (bed) => {
    const ids = await postMarked(bed, 8);
    const samples = sampleRunning(bed);
    const worker = await bed.startWorker();
    await bed.model.waitForRequests(2, 30_000);
    // Several sweeps: each of them offers the worker a pending session that it must not take.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(await runningCount(bed)).toBe(2);
    expect(worker.output().match(/session started/g)).toHaveLength(2);
    bed.model.release('go');
    for (const id of ids) expect(await waitForEnd(bed.database, id, 60_000)).toBe('completed');
    expect(await samples.stop()).toEqual({ running: 2, perWorker: 2 });
  },
);

crashTest(
  'the queue knows which jobs living workers hold: a long run keeps its job',
  { script: markedScript },
  async (bed) => {
    await bed.startWorker();
    const [sessionId] = await postMarked(bed, 1);
    await bed.model.waitForRequests(1, 30_000);
    const job = await waitFor(async () => {
      const [row] = await rowsOf(
        bed.database,
        `select j.locked_by from graphile_worker.jobs j join worker_host h on j.locked_by = any(h.queue_workers)`,
      );
      return row;
    }, 'no worker goes by the name that holds the job');
    expect(job).toBeDefined();
    bed.model.release('go');
    expect(await waitForEnd(bed.database, sessionId ?? '')).toBe('completed');
  },
);

/** The marks in everything that the session says, did and asked. */
async function marksOf(bed: CrashBed, sessionId: string): Promise<string[]> {
  const rows = await rowsOf<{ text: string }>(
    bed.database,
    `select content::text || data::text as text from timeline_item where session_id = $1
     union all select content::text from message where session_id = $1
     union all select arguments::text || coalesce(result, '') from tool_call where session_id = $1
     union all select coalesce(final_analysis, '') || title from session where id = $1
     union all select payload::text from session_event where session_id = $1`,
    [sessionId],
  );
  return [...new Set(rows.flatMap((row) => row.text.match(/MARK-\d+/g) ?? []))];
}
