import { tokenSourceFor } from '#src/features/mcp-servers/server/index.ts';
import {
  type Batch,
  closeExecution,
  type ExecutionRow,
  readCancellations,
  StopError,
  saveExecution,
} from '#src/features/sessions/server/index.ts';
import { storable } from '#src/lib/storable-text.ts';
import type { Config } from '#src/server/config/index.ts';
import type { Masker } from '#src/server/masking/index.ts';
import { openToolbox, type Toolbox } from '#src/server/mcp/index.ts';
import type { AgentOutcome } from './agent-step.ts';
import { connectAgent } from './connect-agent.ts';
import { createStopper, ExecutionStop } from './execution-stop.ts';
import { loadConversation } from './load-conversation.ts';
import { openConversation } from './open-conversation.ts';
import { type FailureEntry, triedText } from './record-failures.ts';
import { createStepRecorder } from './record-steps.ts';
import { replaceMissingProvider } from './replace-missing-provider.ts';
import { runAgent } from './run-agent.ts';
import type { ExecutionPlan, RunContext } from './run-context.ts';
import { openSubAgents, type SubAgents } from './sub-agents.ts';
import { createServerMaskers, failClosedMasker } from './tool-runner.ts';
import { watchCancellations } from './watch-cancellations.ts';

/** `failure` is the timeline entry about the model's failure that it ended with, where it did. */
type ExecutionOutcome = AgentOutcome & { failure?: FailureEntry | null };

/**
 * Runs one execution from where its rows stand to its end, or until what is left of it waits for people, and writes how it
 * stands then. The toolbox (its clients and child processes) is this execution's own and is closed whatever happens.
 * Throws only when the run's signal aborts or the database is not there: every other failure is an outcome.
 */
export async function runExecution(context: RunContext, plan: ExecutionPlan): Promise<ExecutionRow> {
  const { execution } = plan;
  const { kernel, session, recorder } = context;
  const stopper = createStopper();
  const watch = watchCancellations(kernel, {
    sessionId: session.id,
    executionId: execution.id,
    stop: stopper.stop,
  });
  try {
    const stop = AbortSignal.any([stopper.signal, ...(plan.stop ? [plan.stop] : [])]);
    const cancelled = (await readCancellations(kernel.database.pool, session.id)).get(execution.id);
    const outcome: ExecutionOutcome = cancelled
      ? { status: 'cancelled', error: cancelled }
      : await runUnlessStopped(context, plan, stop);
    await recorder.commit((batch) => writeOutcome(context, batch, execution, outcome));
  } finally {
    watch.close();
  }
  return execution;
}

/** `stop` ends this execution alone. */
async function runUnlessStopped(
  context: RunContext,
  plan: ExecutionPlan,
  stop: AbortSignal,
): Promise<ExecutionOutcome> {
  const { execution } = plan;
  const startedAt = execution.startedAt ?? new Date().toISOString();
  Object.assign(execution, { status: 'running', startedAt });
  await context.recorder.commit((batch) => saveExecution(batch, execution));
  try {
    return await runToOutcome(context, plan, AbortSignal.any([context.signal, stop]));
  } catch (error) {
    if (context.signal.aborted || !(stop.reason instanceof ExecutionStop)) throw error;
    return { status: stop.reason.status, error: stop.reason.message };
  }
}

async function writeOutcome(
  context: RunContext,
  batch: Batch,
  execution: ExecutionRow,
  outcome: ExecutionOutcome,
): Promise<void> {
  const completedAt = new Date().toISOString();
  const text = (value: string) => storable(context.masker.text(value));
  switch (outcome.status) {
    case 'waiting':
      Object.assign(execution, { status: 'waiting' });
      break;
    case 'completed':
      Object.assign(execution, { status: 'completed', result: text(outcome.answer), completedAt });
      break;
    case 'cancelled':
    case 'timed_out':
      return closeExecution(batch, execution, { status: outcome.status, error: text(outcome.error) });
    case 'failed': {
      const error = text(outcome.error);
      Object.assign(execution, { status: 'failed', error, completedAt });
      const { failure } = outcome;
      if (failure) {
        const content = `${error}${triedText(failure.attempts)}`;
        batch.completeItem(failure.itemId, { status: 'failed', content });
        break;
      }
      batch.startItem({
        stageId: execution.stageId,
        executionId: execution.id,
        parentExecutionId: execution.parentExecutionId,
        type: 'error',
        status: 'failed',
        content: error,
      });
    }
  }
  saveExecution(batch, execution);
}

async function runToOutcome(
  runContext: RunContext,
  plan: ExecutionPlan,
  signal: AbortSignal,
): Promise<ExecutionOutcome> {
  const context = { ...runContext, signal };
  const config = context.kernel.config.current();
  const missing = await replaceMissingProvider(context, plan, config);
  if (missing)
    return { status: 'failed', error: `The model provider "${missing}" is not configured any more.` };
  const maskerOf = createServerMaskers(config, context.masker.identifiers);
  const toolbox = await openTools(context, plan, config, maskerOf);
  // With a signal of their own: whatever ends this execution alone, they are ended in order, and before it.
  const subAgents = await openOwnSubAgents(runContext, plan);
  let outcome: ExecutionOutcome | undefined;
  try {
    const { database, secrets } = context.kernel;
    const conversation = await loadConversation(database.pool, plan.execution.id, {
      secrets,
      identifiers: context.masker.identifiers,
    });
    const steps = createStepRecorder(context, plan);
    const opened = await openConversation({ context, plan, config, toolbox, conversation, steps });
    const loop = runAgent(
      await connectAgent({ context, plan, config, toolbox, conversation, maskerOf, opened, subAgents }),
    );
    try {
      for (let next = await loop.next(); ; next = await loop.next()) {
        if (next.done) {
          outcome = { ...next.value, failure: steps.openFailure() };
          return outcome;
        }
        await steps.record(next.value);
      }
    } catch (error) {
      context.signal.throwIfAborted();
      throw error;
    } finally {
      await loop[Symbol.asyncDispose]();
    }
  } finally {
    // What waits with it goes on with it.
    if (outcome?.status !== 'waiting') await subAgents?.close();
    await toolbox.close({ over: outcome ? outcome.status !== 'waiting' : isOver(context) });
  }
}

/** Stopped for good, as opposed to handed on to another worker. */
function isOver({ signal }: RunContext): boolean {
  const reason: unknown = signal.reason;
  if (reason instanceof ExecutionStop) return true;
  return reason instanceof StopError && (reason.why === 'cancelled' || reason.why === 'timed_out');
}

/** Only for an agent that may start others; what it starts may not. */
async function openOwnSubAgents(context: RunContext, plan: ExecutionPlan): Promise<SubAgents | null> {
  const { execution, settings } = plan;
  if (settings.subAgents.length === 0) return null;
  return openSubAgents(context, {
    parent: execution,
    settings,
    run: (child) => runExecution(context, child),
  });
}

function openTools(
  context: RunContext,
  plan: ExecutionPlan,
  config: Config,
  maskerOf: (server: string) => Masker,
): Promise<Toolbox> {
  const { id: sessionId, projectId, actsFor } = context.session;
  return openToolbox({
    servers: config.mcpServers,
    selection: plan.settings.mcpServers.map(({ name, tools }) => ({ server: name, tools })),
    env: context.kernel.env.variables,
    executionId: plan.execution.id,
    sessionId,
    signal: context.signal,
    maskerFor: (server) => failClosedMasker(maskerOf(server)),
    tokensFor: (server) =>
      tokenSourceFor(context.kernel, {
        config,
        server,
        actsFor: actsFor && { ...actsFor, projectId },
      }),
    defaultTimeoutMs: plan.settings.timeouts.toolCall,
    logger: context.log,
  });
}
