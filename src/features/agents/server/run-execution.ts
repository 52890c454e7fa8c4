import type { ModelMessage } from 'ai';
import {
  type Batch,
  closeExecution,
  type ExecutionRow,
  StopError,
  saveExecution,
} from '#src/features/sessions/server/index.ts';
import { storable } from '#src/lib/storable-text.ts';
import type { Config } from '#src/server/config/index.ts';
import { callModel, type NamedLlmProvider } from '#src/server/llm/index.ts';
import type { Masker } from '#src/server/masking/index.ts';
import { openToolbox, type Toolbox } from '#src/server/mcp/index.ts';
import type { AgentDeps } from './agent-run.ts';
import type { AgentOutcome } from './agent-step.ts';
import { ExecutionStop } from './execution-stop.ts';
import { listBuiltInTools } from './list-built-in-tools.ts';
import { type Conversation, loadConversation, loadOtherCallIds } from './load-conversation.ts';
import { loadOutput } from './load-output.ts';
import { openConversation } from './open-conversation.ts';
import { planSummary } from './plan-summary.ts';
import { createStepRecorder } from './record-steps.ts';
import { ruleCall } from './rule-call.ts';
import { runAgent } from './run-agent.ts';
import type { ExecutionPlan, RunContext } from './run-context.ts';
import { createRunMask } from './run-mask.ts';
import { openSubAgents, type SubAgents } from './sub-agents.ts';
import { createServerMaskers, createToolRunner, failClosedMasker } from './tool-runner.ts';

/**
 * Runs one execution from where its rows stand to its end, or until what is left of it waits for people, and writes how it
 * stands then. The toolbox (its clients and child processes) is this execution's own and is closed whatever happens.
 * Throws only when the run's signal aborts or the database is not there: every other failure is an outcome.
 */
export async function runExecution(context: RunContext, plan: ExecutionPlan): Promise<ExecutionRow> {
  const { execution, stop } = plan;
  const startedAt = execution.startedAt ?? new Date().toISOString();
  Object.assign(execution, { status: 'running', startedAt });
  await context.recorder.commit((batch) => saveExecution(batch, execution));
  const signal = stop ? AbortSignal.any([context.signal, stop]) : context.signal;
  const outcome = await runToOutcome({ ...context, signal }, plan).catch((error: unknown): AgentOutcome => {
    if (context.signal.aborted || !(stop?.reason instanceof ExecutionStop)) throw error;
    return { status: stop.reason.status, error: stop.reason.message };
  });
  await context.recorder.commit((batch) => writeOutcome(context, batch, execution, outcome));
  return execution;
}

async function writeOutcome(
  context: RunContext,
  batch: Batch,
  execution: ExecutionRow,
  outcome: AgentOutcome,
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
  await saveExecution(batch, execution);
}

async function runToOutcome(context: RunContext, plan: ExecutionPlan): Promise<AgentOutcome> {
  const config = context.kernel.config.current();
  const missing = await replaceMissingProvider(context, plan, config);
  if (missing)
    return { status: 'failed', error: `The model provider "${missing}" is not configured any more.` };
  const maskerOf = createServerMaskers(config);
  const toolbox = await openTools(context, plan, config, maskerOf);
  const subAgents = await openOwnSubAgents(context, plan);
  let outcome: AgentOutcome | undefined;
  try {
    const { database, secrets } = context.kernel;
    const conversation = await loadConversation(database.pool, plan.execution.id, secrets);
    const steps = createStepRecorder(context, plan);
    const opened = await openConversation({ context, plan, config, toolbox, conversation, steps });
    const loop = runAgent(
      await dependencies({ context, plan, config, toolbox, conversation, maskerOf, opened, subAgents }),
    );
    try {
      for (let next = await loop.next(); ; next = await loop.next()) {
        if (next.done) {
          outcome = next.value;
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
    if (outcome?.status === 'waiting') subAgents?.release();
    else await subAgents?.close();
    await toolbox.close({ over: outcome ? outcome.status !== 'waiting' : isOver(context, plan) });
  }
}

/** Stopped for good, as opposed to handed on to another worker. */
function isOver({ signal }: RunContext, { stop }: ExecutionPlan): boolean {
  if (stop?.aborted) return true;
  const reason: unknown = signal.reason;
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

/**
 * A provider that was removed from the configuration while the session waited or ran: the first fallback that is there
 * takes over. Returns the missing one's name when none is.
 */
async function replaceMissingProvider(
  context: RunContext,
  { execution, settings }: ExecutionPlan,
  config: Config,
): Promise<string | null> {
  const missing = execution.provider;
  if (config.llmProviders[missing]) return null;
  const to = settings.fallbackProviders.find((name) => config.llmProviders[name]);
  const provider = to === undefined ? undefined : config.llmProviders[to];
  if (to === undefined || provider === undefined) return missing;
  Object.assign(execution, { provider: to, model: provider.model });
  await context.recorder.commit(async (batch) => {
    await saveExecution(batch, execution);
    batch.startItem({
      stageId: execution.stageId,
      executionId: execution.id,
      type: 'provider_fallback',
      status: 'completed',
      content: `${missing} is not configured any more; going on with ${to} (${provider.model}).`,
      data: { from: missing, to, reason: 'not_configured', model: provider.model },
    });
  });
  return null;
}

function openTools(
  context: RunContext,
  plan: ExecutionPlan,
  config: Config,
  maskerOf: (server: string) => Masker,
): Promise<Toolbox> {
  return openToolbox({
    servers: config.mcpServers,
    selection: plan.settings.mcpServers.map(({ name, tools }) => ({ server: name, tools })),
    env: context.kernel.env.variables,
    executionId: plan.execution.id,
    sessionId: context.session.id,
    signal: context.signal,
    maskerFor: (server) => failClosedMasker(maskerOf(server)),
    defaultTimeoutMs: plan.settings.timeouts.toolCall,
    logger: context.log,
  });
}

/** The loop's way to everything outside of it. */
async function dependencies(options: {
  context: RunContext;
  plan: ExecutionPlan;
  config: Config;
  toolbox: Toolbox;
  conversation: Conversation;
  maskerOf: (server: string) => Masker;
  opened: { system: string; messages: ModelMessage[] };
  subAgents: SubAgents | null;
}): Promise<AgentDeps> {
  const { context, config, toolbox, conversation, maskerOf, opened, subAgents } = options;
  const { execution, settings } = options.plan;
  const { kernel, session, signal } = context;
  const { timeouts } = settings;
  const providerOf = (name: string): NamedLlmProvider => {
    const provider = config.llmProviders[name];
    if (!provider) throw new Error(`provider "${name}" is not configured`);
    return { ...provider, name };
  };
  return {
    ...opened,
    iterations: execution.iterations,
    maxIterations: settings.maxIterations,
    plannedCalls: conversation.planned,
    provider: execution.provider,
    fallbackProviders: settings.fallbackProviders.filter((name) => config.llmProviders[name]),
    providerOf,
    callModel: (call) =>
      callModel({
        ...call,
        env: kernel.env.variables,
        timeouts: {
          totalMs: Math.min(timeouts.llmCall, timeouts.iteration),
          firstChunkMs: timeouts.firstToken,
          stallMs: timeouts.streamStall,
        },
      }),
    tools: createToolRunner({
      toolbox,
      earlier: conversation.earlier,
      builtIn: [
        ...listBuiltInTools(context, { plan: options.plan, config, subAgents }),
        ...(context.tools ?? []),
        ...(options.plan.tools ?? []),
      ],
      rule: (call) =>
        ruleCall(kernel.database.pool, {
          sessionId: session.id,
          executionId: execution.id,
          call,
          config,
          chainRules: session.snapshot.chain.approval?.rules ?? [],
        }),
    }),
    summaries: {
      planFor: (server, provider) =>
        planSummary({ config, server, provider, fallbackProviders: settings.fallbackProviders }),
      loadOutput: (id) => loadOutput(context, id),
    },
    exceededBudget: context.budget.exceeded,
    subAgents,
    nativeTools: settings.nativeTools,
    mask: createRunMask(context.masker, maskerOf),
    otherCallIds: await loadOtherCallIds(kernel.database.pool, {
      sessionId: session.id,
      executionId: execution.id,
    }),
    callIdSuffix: callIdSuffix(execution),
    iterationTimeoutMs: timeouts.iteration,
    signal,
  };
}

/** Calls of executions that run side by side have ids of their own. */
function callIdSuffix({ index, parentExecutionId }: ExecutionRow): string {
  if (parentExecutionId) return `-${parentExecutionId.slice(-4)}.${index}`.replace('.', 's');
  return index === 0 ? '' : `-a${index + 1}`;
}
