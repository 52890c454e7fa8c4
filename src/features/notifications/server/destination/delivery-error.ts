import { errorMessage } from '#src/server/errors.ts';

export type DeliveryFailure = {
  /**
   * `refused` will be refused again until a person changes something; `rate_limited` and `unavailable` pass; after
   * `unknown` the message may have been posted.
   */
  kind: 'refused' | 'rate_limited' | 'unavailable' | 'unknown';
  message: string;
  /** When the other side says so. */
  retryAfterMs?: number;
};

/** What every destination throws when it could not do what it was asked. The message is for people and holds no secret. */
export class DeliveryError extends Error {
  override name = 'DeliveryError';
  readonly failure: DeliveryFailure;
  constructor(failure: DeliveryFailure, options: { cause?: unknown } = {}) {
    super(failure.message, options);
    this.failure = failure;
  }
}

/** What follows from anything that was thrown on the way; what nobody has foreseen may have happened after the message was posted. */
export const failureOf = (error: unknown): DeliveryFailure =>
  error instanceof DeliveryError ? error.failure : { kind: 'unknown', message: errorMessage(error) };

/** The connection was not made, so nothing was posted. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']);

/** A call of `service` that brought no answer. */
export function unansweredCall(service: string, error: unknown): DeliveryFailure {
  const { code, text } = innermostCause(error);
  const message = `${service} cannot be reached: ${code ?? text}`;
  return { kind: code !== undefined && NEVER_SENT.has(code) ? 'unavailable' : 'unknown', message };
}

/** What broke at the end of the chain of causes: fetch itself only says "fetch failed". */
function innermostCause(error: unknown): { code: string | undefined; text: string } {
  let code: string | undefined;
  let text = errorMessage(error);
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    text = errorMessage(inner);
    if ('code' in inner && typeof inner.code === 'string' && /^E[A-Z_]+$/.test(inner.code)) code = inner.code;
  }
  return { code, text };
}
