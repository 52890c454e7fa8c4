// What TARS adds to each iteration of an agent: node bench/iteration-overhead.ts [--sessions N] [--iterations N]
// From the end of a scripted model's answer (with one tool call) to its next request, less the tool's own time: parsing,
// masking, writing and streaming the step, and building the next request. Target: median under 30 ms.
import { parseArgs } from 'node:util';
import { createCrashBed } from '#test/crash/crash-bed.ts';
import type { TurnPicker } from '#test/llm-protocol/pick-turn.ts';
import { waitForEnd } from '#test/runs.ts';
import { describeMachine, report } from './lib/machine.ts';
import { percentile, percentileHeader, percentileLine } from './lib/percentiles.ts';
import { openTemporaryDatabase } from './lib/temporary-database.ts';

const { values: args } = parseArgs({
  options: { sessions: { type: 'string', default: '5' }, iterations: { type: 'string', default: '40' } },
});
const SESSIONS = Number(args.sessions);
const ITERATIONS = Number(args.iterations);
const TARGET_MEDIAN_MS = 30;
const SESSION_LIMIT_MS = 120_000;

type Turn = { askedAt: number; answeredAt: number };

console.log(describeMachine());
const { database, close } = await openTemporaryDatabase();
const bed = await createCrashBed({
  databaseUrl: database.url,
  config: {
    chains: {
      kubernetes: {
        alertTypes: ['kubernetes'],
        stages: [{ name: 'analysis', agents: ['kubernetes'] }],
        executiveSummary: { enabled: false },
        maxIterations: ITERATIONS + 10,
      },
    },
  },
});
try {
  await bed.startWorker();
  // The first session warms up the code and the connections and does not count.
  await measureSession();
  const overheads: number[] = [];
  const tools: number[] = [];
  for (let n = 0; n < SESSIONS; n += 1) {
    const measured = await measureSession();
    overheads.push(...measured.overheads);
    tools.push(...measured.tools);
  }
  console.log(percentileHeader('milliseconds'));
  console.log(percentileLine('overhead per iteration', overheads));
  console.log(percentileLine('(the tool itself, not counted)', tools));
  const median = percentile(
    [...overheads].sort((a, b) => a - b),
    0.5,
  );
  report(`median under ${TARGET_MEDIAN_MS} ms`, median < TARGET_MEDIAN_MS);
  console.log(describeMachine());
} finally {
  await bed.close();
  await close();
}

async function measureSession(): Promise<{ overheads: number[]; tools: number[] }> {
  const turns: Turn[] = [];
  bed.model.setScript(scriptOf(turns));
  const sessionId = await bed.post();
  const status = await waitForEnd(database, sessionId, SESSION_LIMIT_MS);
  if (status !== 'completed') throw new Error(`the session is ${status}`);
  const { rows } = await database.pool.query<{ duration_ms: number }>(
    'select duration_ms from tool_call where session_id = $1 order by iteration',
    [sessionId],
  );
  const tools = rows.map((row) => row.duration_ms);
  const overheads = tools.flatMap((toolMs, index) => {
    const [turn, next] = [turns[index], turns[index + 1]];
    return turn && next ? [next.askedAt - turn.answeredAt - toolMs] : [];
  });
  return { overheads, tools };
}

/** A tool call per turn, each with other arguments, since equal calls are refused. */
function scriptOf(turns: Turn[]): TurnPicker {
  return ({ assistantTurns }) => {
    const askedAt = performance.now();
    const turn: Turn = { askedAt, answeredAt: askedAt };
    turns.push(turn);
    // The answer is written without a pause, so it is out when the event loop comes around.
    setImmediate(() => {
      turn.answeredAt = performance.now();
    });
    if (assistantTurns >= ITERATIONS) return 'The answer.';
    return {
      thinking: 'Let me look at the next number.',
      toolCalls: [{ name: 'box__add', arguments: { a: assistantTurns, b: 1 } }],
    };
  };
}
