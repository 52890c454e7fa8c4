import type { ModelMessage } from 'ai';
import type { Config } from '#src/server/config/index.ts';
import { contextBudget, splitNativeTools } from '#src/server/llm/index.ts';
import type { Toolbox } from '#src/server/mcp/index.ts';
import type { ToolNote } from './agent-step.ts';
import { describeClusters } from './cluster-of.ts';
import { composeHints } from './compose-hints.ts';
import { composeSystemPrompt } from './compose-prompt.ts';
import { composeSkills, noteSkills } from './compose-skills.ts';
import { noteMissingNativeTools } from './describe-native.ts';
import { describeNow } from './describe-now.ts';
import type { Conversation } from './load-conversation.ts';
import type { StepRecorder } from './record-steps.ts';
import type { ExecutionPlan, Hint, RunContext } from './run-context.ts';
import { maskOf } from './run-mask.ts';
import { selectSkills } from './select-skills.ts';

const CHARS_PER_TOKEN = 4;

/** Writes system prompt and first message when the execution is new; else takes them from the rows. */
export async function openConversation(options: {
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
  await noteUnavailable(context, plan, toolbox);
  const contextChars = smallestContextChars(plan, config);
  const skills = selectSkills(config.skills ?? {}, plan.settings);
  const mask = maskOf(context.masker);
  const { identifiers } = context.masker;
  const prompt = composeSystemPrompt({
    now: describeNow(new Date(), config.calendar),
    type: plan.settings.type,
    agentInstructions: plan.settings.instructions,
    serverInstructions: plan.settings.mcpServers.flatMap(({ name }) => {
      const server = config.mcpServers[name];
      const text = [server?.instructions, server && describeClusters(name, server)]
        .filter(Boolean)
        .join('\n');
      return text ? [{ server: name, text }] : [];
    }),
    unavailable: toolbox.unavailable,
    sections: composeSkills(skills, { mask, contextChars }),
  });
  // Configuration and memories are shared between sessions, and may name what this one hides.
  const system = identifiers.mask(prompt);
  const recalled = await recallHints(context, plan);
  const hints = recalled.map((hint) => ({ ...hint, content: identifiers.mask(hint.content) }));
  const first: ModelMessage = {
    role: 'user',
    content: identifiers.mask(await plan.compose({ contextChars, hints: composeHints(hints) })),
  };
  await steps.record({
    type: 'opened',
    messages: [{ role: 'system', content: system }, first],
    notes: [...noteSkills(skills, mask), ...noteNativeTools(plan, config), ...noteHints(hints)],
  });
  return { system, messages: [first] };
}

/** For those who investigate or act on their own behalf; a sub-agent does what its parent tells it. */
async function recallHints(context: RunContext, plan: ExecutionPlan): Promise<readonly Hint[]> {
  const { settings, execution } = plan;
  const wanted = settings.type === 'investigation' || settings.type === 'action';
  if (!wanted || execution.parentExecutionId !== null || !context.recall) return [];
  return context.recall();
}

function noteHints(hints: readonly Hint[]): ToolNote[] {
  if (hints.length === 0) return [];
  // For people: without the form that the prompt gives them.
  const content = hints.map((hint) => hint.content).join('\n\n');
  return [
    {
      type: 'memory_injected',
      content,
      data: { memories: [...hints] },
    },
  ];
}

/** What the provider that begins lacks; a later one tells of its own when it takes over. */
function noteNativeTools({ execution, settings }: ExecutionPlan, config: Config): ToolNote[] {
  const provider = config.llmProviders[execution.provider];
  if (!provider) return [];
  const { missing } = splitNativeTools(provider, settings.nativeTools);
  return noteMissingNativeTools({ ...provider, name: execution.provider }, missing);
}

/** The first message is written once and read by whichever provider the run ends up with. */
function smallestContextChars({ settings }: ExecutionPlan, config: Config): number {
  const budgets = [settings.llmProvider, ...settings.fallbackProviders].flatMap((name) => {
    const provider = config.llmProviders[name];
    return provider ? [contextBudget(provider)] : [];
  });
  return Math.min(...budgets) * CHARS_PER_TOKEN;
}

async function noteUnavailable(context: RunContext, plan: ExecutionPlan, toolbox: Toolbox): Promise<void> {
  if (toolbox.unavailable.length === 0) return;
  await context.recorder.commit((batch) => {
    for (const { server, error } of toolbox.unavailable) {
      batch.startItem({
        stageId: plan.execution.stageId,
        executionId: plan.execution.id,
        type: 'error',
        status: 'failed',
        content: `MCP server "${server}" cannot be used: ${error} The run goes on without its tools.`,
        data: { server },
      });
    }
  });
}
