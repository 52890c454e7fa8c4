import type { ModelMessage } from 'ai';
import { type ExecutionRow, saveExecution } from '#src/features/sessions/server/index.ts';
import type { Config, ResolvedExecution } from '#src/server/config/index.ts';
import { callModel, type NamedLlmProvider } from '#src/server/llm/index.ts';
import { openToolbox, type Toolbox } from '#src/server/mcp/index.ts';
import type { AgentOutcome } from './agent-step.ts';
import { composeInvestigationPrompt, composeSystemPrompt } from './compose-prompt.ts';
import { type Conversation, loadConversation } from './load-conversation.ts';
import { createStepRecorder, type StepRecorder } from './record-steps.ts';
import { runAgent } from './run-agent.ts';
import type { RunContext } from './run-context.ts';
import { createServerMaskers, createToolRunner, failClosedMasker } from './tool-runner.ts';

export type ExecutionPlan = {
  execution: ExecutionRow;
  settings: ResolvedExecution;
  earlierStages: { name: string; result: string }[];
};

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
    if (outcome.status === 'completed') {
      Object.assign(execution, {
        status: 'completed',
        result: context.masker.text(outcome.answer),
        completedAt,
      });
    } else {
      const error = context.masker.text(outcome.error);
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
  const missing = missingProvider(config, plan);
  if (missing)
    return { status: 'failed', error: `The model provider "${missing}" is not configured any more.` };
  const toolbox = await openTools(context, plan, config);
  try {
    const conversation = await loadConversation(
      context.kernel.database.pool,
      plan.execution.id,
      context.kernel.secrets,
    );
    const steps = createStepRecorder(context, plan.execution);
    const { system, messages } = await openConversation({
      context,
      plan,
      config,
      toolbox,
      conversation,
      steps,
    });
    return await drive(context, plan, { config, toolbox, conversation, steps, system, messages });
  } finally {
    await toolbox.close();
  }
}

function missingProvider(config: Config, plan: ExecutionPlan): string | undefined {
  return config.llmProviders[plan.execution.provider] ? undefined : plan.execution.provider;
}

function openTools(context: RunContext, plan: ExecutionPlan, config: Config): Promise<Toolbox> {
  const maskerOf = createServerMaskers(config);
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

/** Writes system prompt and first message when the execution is new; else takes them from the rows. */
async function openConversation(options: {
  context: RunContext;
  plan: ExecutionPlan;
  config: Config;
  toolbox: Toolbox;
  conversation: Conversation;
  steps: StepRecorder;
}): Promise<{ system: string; messages: ModelMessage[] }> {
  const { context, plan, config, toolbox, conversation, steps } = options;
  if (conversation.system !== null) {
    steps.continueFrom(conversation.messages.length + 1);
    return { system: conversation.system, messages: conversation.messages };
  }
  for (const { server, error } of toolbox.unavailable) {
    await context.recorder.commit((batch) => {
      batch.startItem({
        stageId: plan.execution.stageId,
        executionId: plan.execution.id,
        type: 'error',
        status: 'failed',
        content: `MCP server "${server}" cannot be used: ${error} The run goes on without its tools.`,
        data: { server },
      });
    });
  }
  const system = composeSystemPrompt({
    now: new Date(),
    agentInstructions: plan.settings.instructions,
    serverInstructions: plan.settings.mcpServers.flatMap(({ name }) => {
      const text = config.mcpServers[name]?.instructions;
      return text ? [{ server: name, text }] : [];
    }),
    unavailable: toolbox.unavailable,
  });
  const first: ModelMessage = {
    role: 'user',
    content: composeInvestigationPrompt({
      alert: context.session.alert,
      // A link is named, not followed; fetching runbooks is configured elsewhere.
      runbook: context.session.runbook,
      earlierStages: plan.earlierStages,
    }),
  };
  await steps.record({ type: 'opened', messages: [{ role: 'system', content: system }, first] });
  return { system, messages: [first] };
}

async function drive(
  context: RunContext,
  plan: ExecutionPlan,
  open: {
    config: Config;
    toolbox: Toolbox;
    conversation: Conversation;
    steps: StepRecorder;
    system: string;
    messages: ModelMessage[];
  },
): Promise<AgentOutcome> {
  const { kernel, signal } = context;
  const { execution, settings } = plan;
  const providerOf = (name: string): NamedLlmProvider => {
    const provider = open.config.llmProviders[name];
    if (!provider) throw new Error(`provider "${name}" is not configured`);
    return { ...provider, name };
  };
  const { timeouts } = settings;
  const loop = runAgent({
    system: open.system,
    messages: open.messages,
    iterations: execution.iterations,
    maxIterations: settings.maxIterations,
    plannedCalls: open.conversation.planned,
    provider: execution.provider,
    fallbackProviders: settings.fallbackProviders.filter((name) => open.config.llmProviders[name]),
    providerOf,
    callModel: (options) =>
      callModel({
        ...options,
        env: kernel.env.variables,
        timeouts: {
          totalMs: timeouts.llmCall,
          firstChunkMs: timeouts.firstToken,
          stallMs: timeouts.streamStall,
        },
      }),
    tools: createToolRunner({
      toolbox: open.toolbox,
      config: open.config,
      earlier: open.conversation.earlier,
      loadOutput: (id) => loadOutput(context, id),
    }),
    iterationTimeoutMs: timeouts.iteration,
    signal,
  });
  try {
    for (let next = await loop.next(); ; next = await loop.next()) {
      if (next.done) return next.value;
      await open.steps.record(next.value);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await loop[Symbol.asyncDispose]();
  }
}

async function loadOutput(context: RunContext, outputId: string): Promise<string | null> {
  const { rows } = await context.kernel.database.pool.query<{ content: string }>(
    'select content from tool_output where session_id = $1 and id::text = $2',
    [context.session.id, outputId],
  );
  return rows[0]?.content ?? null;
}
