export type LlmErrorCode =
  | 'rate_limited'
  | 'overloaded'
  | 'server_error'
  | 'credentials'
  | 'invalid_request'
  | 'context_overflow'
  | 'timeout_first_chunk'
  | 'stalled'
  | 'timeout'
  | 'cut_stream'
  | 'empty'
  | 'loop'
  | 'network'
  | 'aborted';

/** Whether an equal request may succeed later. A table, so that each new code has to take a side. */
const retryableCodes: Record<LlmErrorCode, boolean> = {
  rate_limited: true,
  overloaded: true,
  server_error: true,
  credentials: false,
  invalid_request: false,
  context_overflow: false,
  timeout_first_chunk: true,
  stalled: true,
  timeout: false,
  cut_stream: true,
  empty: true,
  loop: false,
  network: true,
  aborted: false,
};

/**
 * The one error of a model call. `message` is `safeMessage`: the provider's words with keys removed and cut to a
 * readable length. The caller masks it before it is stored or shown; `cause` stays inside.
 */
export class LlmError extends Error {
  readonly code: LlmErrorCode;
  readonly retryable: boolean;
  /** HTTP status, when the provider sent one. */
  readonly statusCode: number | undefined;
  /** Pause that the provider asked for. */
  readonly retryAfterMs: number | undefined;
  /** Tries made when the call gave up; 1 when it failed at once. Set by `callModel`. */
  attempts = 1;
  /** A repeat might have mended it, and none is left. Set by `callModel`; a reason to change the provider at once. */
  retriesExhausted = false;

  constructor(
    code: LlmErrorCode,
    message: string,
    options: { retryable?: boolean; statusCode?: number; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'LlmError';
    this.code = code;
    this.retryable = options.retryable ?? retryableCodes[code];
    this.statusCode = options.statusCode;
    this.retryAfterMs = options.retryAfterMs;
  }

  get safeMessage(): string {
    return this.message;
  }
}
