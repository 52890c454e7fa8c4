import type { ClassifiedError } from './classify-error.ts';
import { maskErrorText } from './mask-safely.ts';
import type { Masker, ToolCallOutcome } from './types.ts';

export type FailedRequest = {
  /** What was asked for, as the reader knows it. */
  what: string;
  server: string;
  /** Of something that changes nothing it does not matter whether it happened. */
  readOnly: boolean;
  timeoutMs: number;
  masker: Masker;
};

function describeFailure(failure: ClassifiedError, request: FailedRequest): string {
  const { server, what, readOnly } = request;
  const effect =
    readOnly || failure.reached === 'no'
      ? ''
      : ' It is unknown whether the call took effect: check before repeating it.';
  switch (failure.kind) {
    case 'cancelled':
      return `The call of ${what} was cancelled.${effect}`;
    case 'timeout':
      return `${what} gave no answer within ${request.timeoutMs / 1000} s.${effect}`;
    case 'connection':
      return `The connection to server "${server}" failed: ${failure.message}.${effect}`;
    case 'auth':
      return `Server "${server}" refused the credentials: ${failure.message}`;
    case 'needs_sign_in':
      return `Server "${server}" ${failure.message}`;
    case 'too_large':
      return `The result of ${what} was not taken: ${failure.message}.${effect}`;
    case 'protocol':
      return `Server "${server}" broke the protocol: ${failure.message}.${effect}`;
    case 'tool':
      return failure.message;
    default:
      return failure.kind satisfies never;
  }
}

/** The outcome of a request that failed, with a masked text that says what is known and what is not. */
export function toFailure(
  failure: ClassifiedError,
  request: FailedRequest,
): Omit<ToolCallOutcome, 'durationMs'> {
  const text = maskErrorText(request.masker, describeFailure(failure, request));
  const status =
    failure.kind === 'cancelled' ? 'cancelled' : failure.kind === 'timeout' ? 'timed_out' : 'failed';
  return { status, isToolError: failure.kind === 'tool', errorCode: failure.kind, text };
}
