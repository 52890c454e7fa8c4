import type { ModelMessage } from 'ai';
import { type ExecutionRow, saveExecution } from '#src/features/sessions/server/index.ts';
import { storable } from '#src/lib/storable-text.ts';
import type { Config } from '#src/server/config/index.ts';
import { callModel, type NamedLlmProvider } from '#src/server/llm/index.ts';
import type { Masker } from '#src/server/masking/index.ts';
import { openToolbox, type Toolbox } from '#src/server/mcp/index.ts';
import type { AgentDeps } from './agent-run.ts';
import type { AgentOutcome } from './agent-step.ts';
import { listBuiltInTools } from './list-built-in-tools.ts';
import { type Conversation, loadConversation, loadOtherCallIds } from './load-conversation.ts';
import { loadOutput } from './load-output.ts';
import { openConversation } from './open-conversation.ts';
import { planSummary } from './plan-summary.ts';
import { createStepRecorder } from './record-steps.ts';
import { runAgent } from './run-agent.ts';
import type { ExecutionPlan, RunContext } from './run-context.ts';
import { createRunMask } from './run-mask.ts';
import { createServerMaskers, createToolRunner, failClosedMasker } from './tool-runner.ts';

/**
 * Runs one execution from where its rows stand to its end, and writes that end. The toolbox (its clients and child
 * processes) is this execution's own and is closed whatever happens. Throws only when the run's signal aborts or the
 * database is not there: every other failure is an outcome.
 */
export async function runExecution(context: RunContext, plan: ExecutionPlan): Promise<ExecutionRow> {
  const { execution } = plan;
  const startedAt = execution.startedAt ?? new Date().toISOString();
  Object.assign(execution, { status: 'running', startedAt });
  await context.recorder.commit((batch) => saveExecution(batch, execution));
  const outcome = await runToOutcome(context, plan);
  await context.recorder.commit(async (batch) => {
    const completedAt = new Date().toISOString();
    const text = (value: string) => storable(context.masker.text(value));
    if (outcome.status === 'completed') {
      Object.assign(execution, { status: 'completed', result: text(outcome.answer), completedAt });
    } else {
      const error = text(outcome.error);
      Object.assign(execution, { status: 'failed', error, completedAt });
      batch.startItem({
        stageId: execution.stageId,
        executionId: execution.id,
        type: 'error',
        status: 'failed',
        content: error,
      });
    }
    await saveExecution(batch, execution);
  });
  return execution;
}

async function runToOutcome(context: RunContext, plan: ExecutionPlan): Promise<AgentOutcome> {
  const config = context.kernel.config.current();
  const missing = await replaceMissingProvider(context, plan, config);
  if (missing)
    return { status: 'failed', error: `The model provider "${missing}" is not configured any more.` };
  const maskerOf = createServerMaskers(config);
  const toolbox = await openTools(context, plan, config, maskerOf);
  try {
    const { database, secrets } = context.kernel;
    const conversation = await loadConversation(database.pool, plan.execution.id, secrets);
    const steps = createStepRecorder(context, plan.execution);
    const opened = await openConversation({ context, plan, config, toolbox, conversation, steps });
    const loop = runAgent(
      await dependencies({ context, plan, config, toolbox, conversation, maskerOf, opened }),
    );
    try {
      for (let next = await loop.next(); ; next = await loop.next()) {
        if (next.done) return next.value;
        await steps.record(next.value);
      }
    } catch (error) {
      context.signal.throwIfAborted();
      throw error;
    } finally {
      await loop[Symbol.asyncDispose]();
    }
  } finally {
    await toolbox.close();
  }
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
}): Promise<AgentDeps> {
  const { context, config, toolbox, conversation, maskerOf, opened } = options;
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
      config,
      earlier: conversation.earlier,
      builtIn: [
        ...listBuiltInTools(context, options.plan, config),
        ...(context.tools ?? []),
        ...(options.plan.tools ?? []),
      ],
    }),
    summaries: {
      planFor: (server, provider) =>
        planSummary({ config, server, provider, fallbackProviders: settings.fallbackProviders }),
      loadOutput: (id) => loadOutput(context, id),
    },
    mask: createRunMask(context.masker, maskerOf),
    otherCallIds: await loadOtherCallIds(kernel.database.pool, {
      sessionId: session.id,
      executionId: execution.id,
    }),
    callIdSuffix: execution.index === 0 ? '' : `-a${execution.index + 1}`,
    iterationTimeoutMs: timeouts.iteration,
    signal,
  };
}
