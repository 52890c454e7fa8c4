import type { ModelMessage, ToolModelMessage } from 'ai';
import type { ItemType } from '#src/features/sessions/schema.ts';
import type { NativeTool } from '#src/lib/native-tools.ts';
import type {
  FallbackDecision,
  LlmError,
  LlmErrorCode,
  LlmResult,
  NativeEvent,
  ToolSpec,
} from '#src/server/llm/index.ts';
import type { ResultImage, ToolProgress } from '#src/server/mcp/index.ts';

export type CallPurpose =
  | 'iteration'
  | 'forced_conclusion'
  | 'executive_summary'
  | 'synthesis'
  | 'chat'
  | 'scoring';

/** A limit of the session that is used up. */
export type BudgetKind = 'tokens' | 'cost' | 'time';
export type BudgetStop = { kind: BudgetKind; reason: string };

/** A tool call of the model after TARS has looked at it. */
export type PlannedCall = {
  /** Position in its turn. */
  index: number;
  iteration: number;
  callId: string;
  wireName: string;
  server: string;
  tool: string;
  readOnly: boolean;
  /** Exactly as the model wrote them; only for the call itself. */
  arguments: Record<string, unknown>;
  /** What may be stored, shown and sent back to the model. */
  maskedArguments: Record<string, unknown>;
  /** Why the call cannot be made, in words for the model. Masked. */
  problem: string | null;
};

/** What the trace says of a request to a model, beside the conversation. */
export type ModelRequest = {
  purpose: CallPurpose;
  startedAt: Date;
  /** Names of what was offered, and the definitions of those that TARS runs. */
  tools: string[];
  specs: readonly ToolSpec[];
  /** How many went with it. */
  images: number;
};

/** A timeline entry that belongs to what a tool did, beside the entry of the call itself. Masked. */
export type ToolNote = { type: ItemType; content: string; data?: Record<string, unknown> };

/** An image of a result, kept beside the conversation. */
export type KeptImage = Omit<ResultImage, 'content'> & {
  id: string;
  bytes: number;
  /** Null once it is kept: whoever goes on needs to know of it, not to hold it. */
  content: Buffer | null;
};

export type ToolEnd = {
  status: 'completed' | 'failed' | 'refused' | 'timed_out' | 'cancelled' | 'unknown';
  /** For the model: the whole masked output or the view of it. */
  view: string;
  /** The whole masked output when it is kept apart. */
  output: { id: string; text: string } | null;
  outputBytes: number;
  images?: readonly KeptImage[];
  durationMs: number;
  /** In words, when it did not succeed. */
  error: string | null;
  /** Whether the output is to be summarised (`pending`: it has been made, its summary has not), or was, or could not be. */
  summary?: 'pending' | 'completed' | 'failed';
  /** Entries of their own in the timeline. */
  notes?: readonly ToolNote[];
};

/** One model's try to summarise the output of a call. */
export type SummaryAttempt = {
  call: PlannedCall;
  outputId: string;
  outputBytes: number;
  originalTokens: number;
  provider: string;
  model: string;
  startedAt: Date;
  /** What was sent, with a reference in the place of the output. */
  prompt: { system: string; user: string };
};

/**
 * What happens in an execution, in order. The loop yields these and goes on only when the recorder has made them durable;
 * text and thinking are the exception: they are shown soon and made durable with the answer.
 */
export type AgentStep =
  | { type: 'opened'; messages: ModelMessage[]; notes: readonly ToolNote[] }
  | { type: 'llm_started'; purpose: CallPurpose; provider: string; model: string }
  | { type: 'thinking' | 'text'; delta: string }
  | { type: 'native'; event: NativeEvent }
  | { type: 'llm_retry'; attempt: number; error: LlmError; delayMs: number }
  | {
      type: 'llm_completed';
      request: ModelRequest;
      result: LlmResult;
      messages: ModelMessage[];
      calls: PlannedCall[];
      costUsd: number | null;
    }
  | { type: 'llm_failed'; request: ModelRequest; provider: string; model: string; error: LlmError }
  | { type: 'answered_nothing'; message: ModelMessage }
  | {
      type: 'fallback';
      decision: FallbackDecision;
      model: string;
      message: string;
      /** Native tools that the next provider lacks. */
      dropped: readonly NativeTool[];
    }
  | { type: 'tool_started'; call: PlannedCall }
  /** What a running call has said since the last such step (masked by its server's rules), and how far it is. */
  | { type: 'tool_progress'; call: PlannedCall; text: string; progress: ToolProgress | null }
  | { type: 'tool_ended'; call: PlannedCall; end: ToolEnd }
  | { type: 'summary_started'; attempt: SummaryAttempt }
  | { type: 'summary_text'; attempt: SummaryAttempt; delta: string }
  /** What the try has written is void; the same model is asked again. */
  | { type: 'summary_retried'; attempt: SummaryAttempt; error: string }
  | {
      type: 'summary_failed';
      attempt: SummaryAttempt;
      code: LlmErrorCode;
      error: string;
      /** When it answered, but nothing of use. */
      result: LlmResult | null;
      costUsd: number | null;
    }
  | {
      type: 'summary_ended';
      call: PlannedCall;
      end: ToolEnd;
      /** Null when nobody could write it. */
      answer: { attempt: SummaryAttempt; text: string; result: LlmResult; costUsd: number | null } | null;
    }
  /** A person has to decide on a call, or answer it. */
  | { type: 'approval_requested'; call: PlannedCall; kind: 'tool' | 'question'; why: string }
  /** The iterations are used up, and people are asked whether to go on. `found` is what it said last. */
  | { type: 'pause_requested'; found: string; toolCalls: number; more: number }
  | { type: 'turn_ended'; message: ToolModelMessage }
  /** `budget` is the limit that made TARS ask for the conclusion. */
  | { type: 'asked'; message: ModelMessage; why: string; budget: BudgetKind | null }
  /** What sub-agents found has come into the conversation. */
  | { type: 'sub_agents_reported'; message: ModelMessage; executionIds: string[] }
  /** The provider refused the request; perhaps because of its images, which are left out from here on. */
  | { type: 'images_refused'; changed: { index: number; message: ModelMessage }[] }
  | {
      type: 'compacted';
      changed: { index: number; message: ModelMessage }[];
      beforeTokens: number;
      afterTokens: number;
    };

/** How an execution ended. */
export type AgentOutcome =
  | { status: 'completed'; answer: string; forced: boolean }
  | { status: 'failed'; error: string }
  /** Stopped from outside, alone: its session goes on. */
  | { status: 'cancelled' | 'timed_out'; error: string }
  /** What is left of it waits for people; the same conversation is taken up again after their decision. */
  | { status: 'waiting' };
