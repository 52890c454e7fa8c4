import type { ModelMessage } from 'ai';
import type { NativeToolChoice } from '#src/lib/native-tools.ts';
import type {
  CallModelOptions,
  CallOutcome,
  LlmChunk,
  LlmResult,
  NamedLlmProvider,
} from '#src/server/llm/index.ts';
import type { AgentStep, BudgetKind, BudgetStop, PlannedCall } from './agent-step.ts';
import type { IterationLimit } from './iteration-limit.ts';
import type { SummaryPlan } from './plan-summary.ts';
import type { RunMask } from './run-mask.ts';
import type { ToolRunner } from './run-turn.ts';
import type { SubAgents } from './sub-agents.ts';

/** What the loop is given: its conversation so far, its limits, and the way to model and tools. */
export type AgentDeps = {
  system: string;
  /** The conversation so far without the system prompt; the run goes on where it ends. */
  messages: ModelMessage[];
  /** Model answers in it. */
  iterations: number;
  limit: IterationLimit;
  /** How many more iterations a pause offers. */
  moreIterations: number;
  /** Calls of the last answer that were planned before an interruption. */
  plannedCalls: PlannedCall[];
  provider: string;
  fallbackProviders: readonly string[];
  providerOf(name: string): NamedLlmProvider;
  callModel(
    options: Pick<
      CallModelOptions,
      | 'provider'
      | 'messages'
      | 'system'
      | 'tools'
      | 'toolChoice'
      | 'nativeTools'
      | 'maxOutputTokens'
      | 'signal'
    >,
  ): AsyncGenerator<LlmChunk, LlmResult>;
  tools: ToolRunner;
  /** Tools that providers shall run themselves, as far as they have them. */
  nativeTools: NativeToolChoice;
  /** Who summarises the long results of a server, and what was kept of them before an interruption. */
  summaries: {
    planFor(server: string, provider: string): SummaryPlan | null;
    loadOutput(outputId: string): Promise<string | null>;
    /** One after the other, each once the budget knows of the one before. */
    oneByOne: boolean;
  };
  /** The session's limit that is used up, or null. */
  exceededBudget(): BudgetStop | null;
  /** Null for an agent that has none. */
  subAgents: SubAgents | null;
  mask: RunMask;
  /** Ids of calls that other executions of the session have made. */
  otherCallIds: readonly string[];
  /** Sets this execution's calls apart from those of its siblings. */
  callIdSuffix: string;
  /** One model answer and its tool calls together. */
  iterationTimeoutMs: number;
  signal: AbortSignal;
};

/** What changes while the loop runs. */
export type AgentRun = {
  messages: ModelMessage[];
  iterations: number;
  provider: NamedLlmProvider;
  planned: PlannedCall[];
  callIds: Set<string>;
  outcomes: CallOutcome[];
  failuresInARow: number;
  /** The provider has refused the conversation as too long. */
  overflowed: boolean;
  /** When the last answer was asked for, on the clock of `performance.now()`. */
  iterationStartedAtMs: number;
};

/** Puts a question of ours into the conversation. `why` is for the people who watch. */
export async function* ask(
  run: AgentRun,
  text: string,
  why: string,
  budget: BudgetKind | null = null,
): AsyncGenerator<AgentStep, void> {
  const message: ModelMessage = { role: 'user', content: text };
  yield { type: 'asked', message, why, budget };
  run.messages.push(message);
}
