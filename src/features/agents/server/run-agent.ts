import type { AgentDeps, AgentRun } from './agent-run.ts';
import { ask } from './agent-run.ts';
import type { AgentOutcome, AgentStep } from './agent-step.ts';
import { askModel } from './ask-model.ts';
import { composeForcedConclusion, EMPTY_ANSWER_NUDGE } from './compose-prompt.ts';
import { callsOf } from './conversation.ts';
import { describePause } from './describe-pause.ts';
import { nextAction } from './next-action.ts';
import { runTurn } from './run-turn.ts';
import { createOutputSummaries } from './summarise-output.ts';
import { MAX_FAILURES_IN_A_ROW } from './tunables.ts';

/** Steps per iteration at most: a call, its tools, a question, failures, a compaction, and waiting for and reading sub-agents. */
const STEPS_PER_ITERATION = 6 + MAX_FAILURES_IN_A_ROW;

const NO_SUB_AGENTS = { open: 0, finished: 0 };

/**
 * The agent loop: asks the model, runs the tools it wants, until it answers. A pure function of its conversation and of
 * what model and tools say: it writes nothing itself, it yields what happens, and it goes on only when that has been
 * recorded. Ends with an answer or a reason. Throws only when `signal` aborts.
 */
export async function* runAgent(deps: AgentDeps): AsyncGenerator<AgentStep, AgentOutcome> {
  const run = startRun(deps);
  const maxSteps = (deps.limit.allowed + 2) * STEPS_PER_ITERATION;
  for (let step = 0; step < maxSteps; step += 1) {
    deps.signal.throwIfAborted();
    const next = nextAction({
      messages: run.messages,
      iterations: run.iterations,
      limit: deps.limit,
      exceededBudget: deps.exceededBudget(),
      subAgents: deps.subAgents?.counts() ?? NO_SUB_AGENTS,
    });
    switch (next.action) {
      case 'finish':
        return { status: 'completed', answer: next.answer, forced: next.forced };
      case 'fail':
        return { status: 'failed', error: next.reason };
      case 'nudge':
        yield* ask(run, EMPTY_ANSWER_NUDGE, 'The answer was empty.');
        break;
      case 'conclude':
        yield* ask(run, composeForcedConclusion(next.reason), next.reason, next.budget);
        break;
      case 'ask_to_go_on':
        yield { type: 'pause_requested', ...describePause(run.messages), more: deps.moreIterations };
        return { status: 'waiting' };
      case 'await_decision':
        return { status: 'waiting' };
      case 'run_tools':
        if (yield* runTools(deps, run)) break;
        if ((await deps.subAgents?.rest(deps.signal)) !== 'decided') return { status: 'waiting' };
        // As if taken up by another worker: with the tools as they are now, and people's time is none of the iteration's.
        await deps.tools.reload();
        run.iterationStartedAtMs = performance.now();
        break;
      case 'report_sub_agents':
        yield* reportSubAgents(deps, run);
        break;
      case 'await_sub_agent':
        if ((await deps.subAgents?.settle(deps.signal)) === 'waiting') return { status: 'waiting' };
        break;
      case 'call':
      case 'call_without_tools': {
        const purpose = next.action === 'call' ? 'iteration' : 'forced_conclusion';
        const failure = yield* askModel(deps, run, purpose);
        if (failure) return { status: 'failed', error: failure };
        break;
      }
    }
  }
  return { status: 'failed', error: `The run did not come to an end within ${maxSteps} steps.` };
}

function startRun(deps: AgentDeps): AgentRun {
  const own = deps.messages.flatMap((message) =>
    message.role === 'assistant' ? callsOf(message).map((call) => call.callId) : [],
  );
  return {
    messages: [...deps.messages],
    iterations: deps.iterations,
    provider: deps.providerOf(deps.provider),
    planned: deps.plannedCalls,
    callIds: new Set([...deps.otherCallIds, ...own]),
    outcomes: [],
    failuresInARow: 0,
    overflowed: false,
    iterationStartedAtMs: performance.now(),
  };
}

/** Everything that has been found since, in one message. */
async function* reportSubAgents(deps: AgentDeps, run: AgentRun): AsyncGenerator<AgentStep, void> {
  const report = deps.subAgents?.takeReport();
  if (!report) return;
  yield { type: 'sub_agents_reported', ...report };
  run.messages.push(report.message);
}

/** The tools have what the answer left of the iteration's time. False: some of the calls wait for people. */
async function* runTools(deps: AgentDeps, run: AgentRun): AsyncGenerator<AgentStep, boolean> {
  const leftMs = run.iterationStartedAtMs + deps.iterationTimeoutMs - performance.now();
  const signal = AbortSignal.any([deps.signal, AbortSignal.timeout(Math.max(0, Math.round(leftMs)))]);
  const message = yield* runTurn({
    calls: run.planned,
    provider: run.provider,
    tools: deps.tools,
    summaries: createOutputSummaries(deps, run, signal),
    signal,
    runSignal: deps.signal,
  });
  if (!message) return false;
  run.messages.push(message);
  run.planned = [];
  return true;
}
