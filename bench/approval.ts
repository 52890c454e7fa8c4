// From a person's decision to the tool running: node bench/approval.ts [--decisions 20]
// Each session asks for a call that is not read-only and waits, holding no worker; then the decision is taken as the API does,
// and the worker takes the session up again, connects to the tool server (over HTTP) and makes the call. The tool runs in this
// process, so both times are of one clock. Target: every one under 1 s.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { decideApproval } from '#src/features/approvals/server/index.ts';
import { readPendingApprovals } from '#src/features/sessions/server/index.ts';
import { createCrashBed } from '#test/crash/crash-bed.ts';
import { urlFixture } from '#test/mcp-servers/fixture-config.ts';
import { startHttpFixture } from '#test/mcp-servers/start-http-fixture.ts';
import { statusOf, waitFor, waitForEnd } from '#test/runs.ts';
import { describeMachine, report } from './lib/machine.ts';
import { percentileHeader, percentileLine } from './lib/percentiles.ts';
import { openTemporaryDatabase } from './lib/temporary-database.ts';

const TARGET_MS = 1_000;
const CALL_LIMIT_MS = 60_000;
/** Resolution of the measurement. */
const LOOK_INTERVAL_MS = 2;

const { values: args } = parseArgs({ options: { decisions: { type: 'string', default: '20' } } });

console.log(describeMachine());
const { database, close } = await openTemporaryDatabase();
const box = await startHttpFixture();
const bed = await createCrashBed({
  databaseUrl: database.url,
  config: { mcpServers: { box: urlFixture('http', box.url) } },
});
try {
  bed.model.setScript(({ assistantTurns }) =>
    assistantTurns === 0
      ? {
          toolCalls: [
            { name: 'box__write', arguments: { path: `${bed.directory}/written`, text: 'approved' } },
          ],
        }
      : 'Done.',
  );
  await bed.startWorker();
  // The first one warms up the code and the connections and does not count.
  await measureDecision();
  const latencies: number[] = [];
  for (let n = 0; n < Number(args.decisions); n += 1) latencies.push(await measureDecision());
  console.log(percentileHeader('milliseconds'));
  console.log(percentileLine('decision taken to tool running', latencies));
  report(`each under ${TARGET_MS} ms`, Math.max(...latencies) < TARGET_MS);
  console.log(describeMachine());
} finally {
  await bed.close();
  await box.close();
  await close();
}

async function measureDecision(): Promise<number> {
  const sessionId = await bed.post();
  const [approval] = await waitFor(
    async () => {
      if ((await statusOf(database, sessionId)) !== 'waiting') return null;
      const pending = await readPendingApprovals(database.pool, sessionId);
      return pending.length > 0 ? pending : null;
    },
    'the session does not wait',
    CALL_LIMIT_MS,
  );
  if (!approval) throw new Error('nothing waits');
  const callsBefore = box.calls.length;
  const decidedAt = performance.now();
  await decideApproval(bed.kernel, {
    projectId: bed.projectId,
    approvalId: approval.id,
    actor: 'bench',
    decision: 'approve',
    scope: 'once',
  });
  const latencyMs = await untilCalled(callsBefore, decidedAt);
  const status = await waitForEnd(database, sessionId, CALL_LIMIT_MS);
  if (status !== 'completed') throw new Error(`the session is ${status}`);
  return latencyMs;
}

async function untilCalled(callsBefore: number, decidedAt: number): Promise<number> {
  while (box.calls.length === callsBefore) {
    if (performance.now() - decidedAt > CALL_LIMIT_MS) throw new Error('the tool did not run');
    await sleep(LOOK_INTERVAL_MS);
  }
  return performance.now() - decidedAt;
}
