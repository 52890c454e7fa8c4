// From kill -9 of a worker to its run going on elsewhere: node bench/resume.ts [--kills N]
// Two real worker processes on an embedded database and a scripted model. Target: under 20 s, always.
import { parseArgs } from 'node:util';
import { createCrashBed } from '#test/crash/crash-bed.ts';
import type { WorkerProcess } from '#test/crash/worker-process.ts';
import { waitForEnd } from '#test/runs.ts';
import { describeMachine, report } from './lib/machine.ts';
import { percentileHeader, percentileLine } from './lib/percentiles.ts';
import { openTemporaryDatabase } from './lib/temporary-database.ts';

const { values: args } = parseArgs({ options: { kills: { type: 'string', default: '8' } } });
const KILLS = Number(args.kills);
const TARGET_MS = 20_000;
/** Long enough to see by how much the target is missed. */
const GIVE_UP_MS = 60_000;

console.log(describeMachine());
const { database, close } = await openTemporaryDatabase();
const bed = await createCrashBed({ databaseUrl: database.url });
try {
  const workers = [await bed.startWorker(), await bed.startWorker()];
  const times: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) times.push(await measureKill(workers, kill));
  console.log(percentileHeader('milliseconds'));
  console.log(percentileLine('kill -9 to the next model request', times));
  report(
    `under ${TARGET_MS / 1_000} s, always`,
    times.every((time) => time < TARGET_MS),
  );
  console.log(describeMachine());
} finally {
  await bed.close();
  await close();
}

/** Kills the worker that streams an answer, waits until the other asks the model again, and replaces the dead one. */
async function measureKill(workers: WorkerProcess[], kill: number): Promise<number> {
  const gate = `gate-${kill}`;
  const before = bed.model.requests.length;
  let asked = 0;
  bed.model.setScript(() => {
    asked += 1;
    return asked === 1
      ? {
          steps: [
            { type: 'text', text: 'Looking at ' },
            { type: 'block', gate },
          ],
        }
      : 'The answer.';
  });
  const sessionId = await bed.post();
  await bed.model.waitForBlocked(gate, GIVE_UP_MS);
  // At another point of the beat each time.
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 5_000));
  const { rows } = await database.pool.query<{ lease_owner: string }>(
    'select lease_owner from session where id = $1',
    [sessionId],
  );
  const victim = workers.findIndex((worker) => worker.hostId === rows[0]?.lease_owner);
  const killedAt = performance.now();
  await workers[victim]?.kill();
  await bed.model.waitForRequests(before + 2, GIVE_UP_MS);
  const tookMs = performance.now() - killedAt;
  const status = await waitForEnd(database, sessionId);
  if (status !== 'completed') throw new Error(`the resumed session is ${status}`);
  workers[victim] = await bed.startWorker();
  return tookMs;
}
