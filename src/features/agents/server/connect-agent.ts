import type { ModelMessage } from 'ai';
import { MORE_ITERATIONS_MAX } from '#src/features/approvals/schema.ts';
import { readPauses } from '#src/features/approvals/server/index.ts';
import type { ExecutionRow } from '#src/features/sessions/server/index.ts';
import type { Config } from '#src/server/config/index.ts';
import type { NamedLlmProvider } from '#src/server/llm/index.ts';
import type { Masker } from '#src/server/masking/index.ts';
import type { Toolbox } from '#src/server/mcp/index.ts';
import type { AgentDeps } from './agent-run.ts';
import { callMaskedModel } from './call-masked-model.ts';
import { iterationLimit } from './iteration-limit.ts';
import { listBuiltInTools } from './list-built-in-tools.ts';
import { type Conversation, loadOtherCallIds } from './load-conversation.ts';
import { loadOutput } from './load-output.ts';
import { planSummary } from './plan-summary.ts';
import { ruleCall } from './rule-call.ts';
import type { ExecutionPlan, RunContext } from './run-context.ts';
import { createRunMask } from './run-mask.ts';
import type { SubAgents } from './sub-agents.ts';
import { createToolRunner } from './tool-runner.ts';

/** The loop's way to everything outside of it: models, tools, people, other agents, what was kept. */
export async function connectAgent(options: {
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
    limit: iterationLimit(settings, await readPauses(kernel.database.pool, execution.id)),
    moreIterations: Math.min(settings.maxIterations, MORE_ITERATIONS_MAX),
    plannedCalls: conversation.planned,
    provider: execution.provider,
    fallbackProviders: settings.fallbackProviders.filter((name) => config.llmProviders[name]),
    providerOf,
    callModel: (call) =>
      callMaskedModel(context, {
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
      builtIn: listBuiltInTools(context, { plan: options.plan, config, subAgents }),
      images: context.images,
      mask: context.masker.identifiers.mask,
      rule: (call) =>
        ruleCall(kernel.database.pool, {
          sessionId: session.id,
          executionId: execution.id,
          call,
          // Who narrows what may run means the calls from now on, also of an agent that is at work.
          config: kernel.config.current(),
          chainRules: session.snapshot.chain.approval?.rules ?? [],
          actsFor: session.actsFor,
        }),
    }),
    summaries: {
      planFor: (server, provider) =>
        planSummary({ config, server, provider, fallbackProviders: settings.fallbackProviders }),
      loadOutput: (id) => loadOutput(context, id),
      oneByOne: context.budget.countsCalls,
    },
    exceededBudget: context.budget.exceeded,
    subAgents,
    nativeTools: settings.nativeTools,
    mask: createRunMask(context.masker, maskerOf, context.masker.identifiers.revealArguments),
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
  if (parentExecutionId) return `-${parentExecutionId.slice(-4)}s${index}`;
  return index === 0 ? '' : `-a${index + 1}`;
}
