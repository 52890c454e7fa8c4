// Twenty investigations with three parallel agents each on one worker process:
//   node bench/parallel-sessions.ts [--sessions 20] [--agents 3] [--iterations 8] [--answer-ms 1500] [--spread 0.33]
// A scripted model takes about `answer-ms` for each answer, as real ones do; without that the figure would only say how many
// iterations a processor can make. How long is spread evenly around it; `--spread 0` has all agents answered in lockstep, so
// that each round is one queue for the processor. Overhead: from the end of an answer (with one tool call) to the next request, less the
// tool's own time. Targets: no event lost, doubled or out of order (the log is dense, and folded it gives the rows of each
// session); overhead per iteration under 30 ms median.
import { parseArgs } from 'node:util';
import { createCrashBed } from '#test/crash/crash-bed.ts';
import type { TurnPicker } from '#test/llm-protocol/pick-turn.ts';
import type { RecordedRequest } from '#test/llm-protocol/start-protocol-server.ts';
import { urlFixture } from '#test/mcp-servers/fixture-config.ts';
import { startHttpFixture } from '#test/mcp-servers/start-http-fixture.ts';
import { rowsOf, waitForEnd } from '#test/runs.ts';
import { describeMachine, report } from './lib/machine.ts';
import { percentile, percentileHeader, percentileLine } from './lib/percentiles.ts';
import { cpuSeconds } from './lib/process-usage.ts';
import { openTemporaryDatabase } from './lib/temporary-database.ts';

const TARGET_MEDIAN_MS = 30;
const RUN_LIMIT_MS = 300_000;

const { values: args } = parseArgs({
  options: {
    sessions: { type: 'string', default: '20' },
    agents: { type: 'string', default: '3' },
    iterations: { type: 'string', default: '8' },
    'answer-ms': { type: 'string', default: '1500' },
    spread: { type: 'string', default: '0.33' },
  },
});
const SESSIONS = Number(args.sessions);
const AGENTS = Number(args.agents);
const ITERATIONS = Number(args.iterations);
const ANSWER_MS = Number(args['answer-ms']);
const SPREAD = Number(args.spread);

const answerMs = () => ANSWER_MS * (1 + SPREAD * (2 * Math.random() - 1));

/** The model knows by this mark in an agent's instructions whose conversation it continues. */
const agentNames = Array.from({ length: AGENTS }, (_, n) => `agent-${n}`);
const markOf = (title: string, agent: string) => `${title}/${agent}`;

console.log(describeMachine());
const { database, close } = await openTemporaryDatabase();
// One server for all: starting sixty would measure the start of processes.
const box = await startHttpFixture();
const bed = await createCrashBed({
  databaseUrl: database.url,
  config: {
    mcpServers: { box: urlFixture('http', box.url) },
    queue: { maxRunningSessions: SESSIONS, workerConcurrency: SESSIONS },
    agents: Object.fromEntries(agentNames.map((name) => [name, { instructions: `I am ${name}.` }])),
    chains: {
      kubernetes: {
        alertTypes: ['kubernetes'],
        stages: [{ name: 'analysis', agents: agentNames }],
        executiveSummary: { enabled: false },
        maxIterations: ITERATIONS + 5,
      },
    },
  },
});
try {
  bed.model.setScript(script);
  const worker = await bed.startWorker();
  // The first session warms up the code and the connections and does not count.
  await waitForEnd(database, await bed.post({ title: 'warm-up' }), RUN_LIMIT_MS);
  const firstRequest = bed.model.requests.length;
  const cpuBefore = await cpuSeconds(worker.pid);
  const startedAt = performance.now();
  const sessionIds = await Promise.all(
    Array.from({ length: SESSIONS }, (_, n) => bed.post({ title: `session-${n}` })),
  );
  const ends = await Promise.all(sessionIds.map((id) => waitForEnd(database, id, RUN_LIMIT_MS)));
  const seconds = (performance.now() - startedAt) / 1_000;
  const cores = ((await cpuSeconds(worker.pid)) - cpuBefore) / seconds;
  const overheads = await measureOverheads(bed.model.requests.slice(firstRequest));
  const violations = (await Promise.all(sessionIds.map((id) => bed.violations(id)))).flat();
  const [counts] = await rowsOf<{ events: number; most: number }>(
    database,
    `select sum(last_seq)::int as events,
       (select max(n)::int from (select count(*) as n from execution group by session_id) per) as most from session`,
  );
  console.log(
    `${SESSIONS} sessions, ${counts?.most} executions each, ${overheads.length} iterations, ${counts?.events} events, ${seconds.toFixed(1)} s; the worker used ${cores.toFixed(2)} cores`,
  );
  console.log(percentileHeader('milliseconds'));
  console.log(percentileLine('overhead per iteration', overheads));
  for (const violation of violations.slice(0, 10)) console.log(violation);
  report(
    'every session completed',
    ends.every((end) => end === 'completed'),
  );
  report('no event lost, doubled or out of order', violations.length === 0);
  const median = percentile(
    [...overheads].sort((a, b) => a - b),
    0.5,
  );
  report(`overhead per iteration: median < ${TARGET_MEDIAN_MS} ms`, median < TARGET_MEDIAN_MS);
  console.log(describeMachine());
} finally {
  await bed.close();
  await box.close();
  await close();
}

/** A tool call per turn, each with other arguments, since equal calls are refused; then the answer, or what combines them. */
function script({ assistantTurns, conversation }: Parameters<TurnPicker>[0]): ReturnType<TurnPicker> {
  const isAgent = agentNames.some((name) => conversation.system.includes(`I am ${name}.`));
  if (!isAgent || assistantTurns >= ITERATIONS) return { text: 'The answer.', startDelayMs: answerMs() };
  return {
    startDelayMs: answerMs(),
    thinking: 'Let me look at the next number.',
    toolCalls: [{ name: 'box__add', arguments: { a: assistantTurns, b: 1 } }],
  };
}

async function measureOverheads(requests: readonly RecordedRequest[]): Promise<number[]> {
  const rows = await rowsOf<{ title: string; agent: string; iteration: number; duration_ms: number }>(
    database,
    `select s.title, e.agent, c.iteration, c.duration_ms from tool_call c
     join execution e on e.id = c.execution_id join session s on s.id = c.session_id order by c.iteration`,
  );
  const tools = Map.groupBy(rows, (row) => markOf(row.title, row.agent));
  const conversations = Map.groupBy(requests, (request) => whoAsks(request));
  return [...conversations].flatMap(([mark, asked]) =>
    (tools.get(mark) ?? []).flatMap(({ duration_ms }, index) => {
      const [turn, next] = [asked[index], asked[index + 1]];
      if (turn?.answeredAtMs === undefined || !next) return [];
      return [next.receivedAtMs - turn.answeredAtMs - duration_ms];
    }),
  );
}

function whoAsks({ conversation }: RecordedRequest): string {
  const agent = agentNames.find((name) => conversation.system.includes(`I am ${name}.`));
  const title = /^Title: (.*)$/m.exec(
    conversation.messages.find(({ role }) => role === 'user')?.text ?? '',
  )?.[1];
  return markOf(title ?? 'nobody', agent ?? 'nobody');
}
