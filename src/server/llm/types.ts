import type { JSONSchema7, ModelMessage } from 'ai';
import type { NativeToolChoice } from '#src/lib/native-tools.ts';
import type { LlmProviderConfig } from '#src/server/config/schema.ts';
import type { LlmError } from './llm-error.ts';
import type { LlmSource, NativeEvent } from './native-event.ts';

export type { LlmSource } from './native-event.ts';

/** A configured provider together with the name that the configuration gives it. */
export type NamedLlmProvider = LlmProviderConfig & { name: string };

/** Environment variables of the provider keys; the caller passes them in. */
export type LlmEnv = Readonly<Record<string, string | undefined>>;

export type ToolSpec = {
  /** Wire name, `server__tool`. */
  name: string;
  description: string;
  inputSchema: JSONSchema7;
};

export type LlmChunk =
  | { type: 'text'; delta: string }
  | { type: 'thinking'; delta: string }
  /** Only providers that stream arguments announce a call early; the result lists every call. */
  | { type: 'tool_call_started'; id: string; name: string }
  /** A tool of the provider's own has run inside the answer. */
  | { type: 'native'; event: NativeEvent }
  /** The try failed; what this call has yielded so far is void. */
  | { type: 'retry'; attempt: number; error: LlmError; delayMs: number };

export type LlmToolCall = {
  id: string;
  name: string;
  arguments: Record<string, unknown>;
  /** The model's arguments could not be read. `message` is written for the model, `raw` is what it wrote. */
  invalid?: { raw: string; message: string };
};

export type LlmUsage = {
  inputTokens: number;
  /** Includes reasoning tokens. */
  outputTokens: number;
  reasoningTokens: number;
  /** Part of `inputTokens`. */
  cachedInputTokens: number;
  /** Part of `inputTokens`, too: what the provider put into its cache, which some charge for. */
  cacheWriteTokens: number;
  /** True when the provider reported nothing and the numbers are our estimate. */
  estimated: boolean;
};

export type LlmResult = {
  text: string;
  thinking: string;
  toolCalls: LlmToolCall[];
  /**
   * What to append to the conversation before the tool results: JSON-serialisable, with the provider metadata
   * (signatures, encrypted reasoning) that the provider wants back.
   */
  messages: ModelMessage[];
  usage: LlmUsage;
  /** `stop`, `tool-calls`, `length`, `content-filter`, `loop` or what else the provider says. */
  finishReason: string;
  /** Name of the provider in the configuration. */
  provider: string;
  model: string;
  sources: LlmSource[];
  /** What the provider's own tools did. */
  native: NativeEvent[];
  /** Tries made, 1 without retries. */
  attempts: number;
};

export type LlmTimeouts = { firstChunkMs: number; stallMs: number; totalMs: number };

export type RetryPolicy = {
  maxRetries: number;
  baseDelayMs: number;
  maxDelayMs: number;
  retryAfterMaxMs: number;
};

/** What was sent, for the trace. */
export type LlmRequestInfo = {
  /** From 1. */
  attempt: number;
  provider: string;
  model: string;
  /** The HTTP body as sent, when the provider exposes it. Not masked: mask before storing. */
  body: unknown;
};

export type CallModelOptions = {
  provider: NamedLlmProvider;
  messages: ModelMessage[];
  system?: string;
  tools: ToolSpec[];
  toolChoice?: 'auto' | 'none';
  /** Tools that the provider shall run itself, as far as it has them. */
  nativeTools?: NativeToolChoice;
  signal: AbortSignal;
  /** For keys that the provider's configuration does not hold. */
  env?: LlmEnv;
  /** Overrides the provider's own limit, for short answers such as summaries. */
  maxOutputTokens?: number;
  timeouts?: Partial<LlmTimeouts>;
  retry?: Partial<RetryPolicy>;
  onRequest?: (info: LlmRequestInfo) => void;
};
