import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { SseError } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { ZodError } from 'zod';
import type { McpErrorKind } from './types.ts';

/** An answer was larger than `MAX_RESULT_BYTES`. */
export class ResponseTooLargeError extends Error {
  constructor(limitBytes: number) {
    super(`the answer is larger than the limit of ${limitBytes / 1024 / 1024} MB; ask for less`);
    this.name = 'ResponseTooLargeError';
  }
}

/** No connection could be made: whatever was to be sent has certainly not reached the server. */
export class ConnectError extends Error {
  readonly kind: McpErrorKind;
  constructor(message: string, kind: McpErrorKind, cause?: unknown) {
    super(message, { cause });
    this.name = 'ConnectError';
    this.kind = kind;
  }
}

/** Marks in `error.data` of JSON-RPC errors that our own transports make up for the SDK. */
export const TOO_LARGE_MARK = 'tars:too-large';
export const CUT_MARK = 'tars:cut';

export type ClassifiedError = {
  kind: McpErrorKind;
  /** `no`: the server certainly did not start to execute the call. */
  reached: 'no' | 'unknown';
  /** The server forgot the session; a new one is needed. */
  sessionExpired: boolean;
  message: string;
};

const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'EACCES',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const LOST = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED', 'UND_ERR_SOCKET']);

/** The first system error code of the error, its causes, and the parts of an AggregateError. */
function systemCode(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 5) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) {
    const codes = error.errors.map((part) => systemCode(part, depth + 1));
    return codes.find((code) => code !== undefined);
  }
  return systemCode(error.cause, depth + 1);
}

/** `fetch failed` alone helps nobody: the cause says what happened. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return cause === '' || error.message.includes(cause) ? error.message : `${error.message} (${cause})`;
}

function classified(
  kind: McpErrorKind,
  message: string,
  extra: Partial<Pick<ClassifiedError, 'reached' | 'sessionExpired'>> = {},
): ClassifiedError {
  return { kind, message, reached: 'unknown', sessionExpired: false, ...extra };
}

function classifyHttpStatus(status: number, message: string, hasSession: boolean): ClassifiedError {
  if (status === 401 || status === 403) return classified('auth', message, { reached: 'no' });
  // The protocol says 404 for a session that ended; several servers say 400 and name the session.
  if (hasSession && (status === 404 || (status === 400 && /session|initiali[sz]ed/i.test(message)))) {
    return classified('connection', message, { reached: 'no', sessionExpired: true });
  }
  if (status === 408 || status === 429 || status >= 500) return classified('connection', message);
  return classified('protocol', message);
}

function classifyMcpError(error: McpError): ClassifiedError {
  if (error.data === TOO_LARGE_MARK) return classified('too_large', error.message);
  if (error.data === CUT_MARK || error.code === ErrorCode.ConnectionClosed) {
    return classified('connection', error.message);
  }
  switch (error.code) {
    case ErrorCode.RequestTimeout:
      return classified('timeout', error.message);
    case ErrorCode.ParseError:
    case ErrorCode.InvalidRequest:
    case ErrorCode.MethodNotFound:
      return classified('protocol', error.message);
    default:
      // InvalidParams, InternalError and the server's own codes: it took the call and said no.
      return classified('tool', error.message);
  }
}

/**
 * Names what an error of the SDK, a transport or the network means. `aborted` and `timedOut` are the caller's own
 * knowledge and win over the shape of the error, which the SDK gives a timeout's code in both cases.
 */
export function classifyError(
  error: unknown,
  context: { aborted?: boolean; timedOut?: boolean; hasSession?: boolean } = {},
): ClassifiedError {
  const message = textOf(error);
  if (context.aborted) return classified('cancelled', 'the call was cancelled');
  if (context.timedOut) return classified('timeout', message);
  if (error instanceof ConnectError) return classified(error.kind, message, { reached: 'no' });
  if (
    error instanceof ResponseTooLargeError ||
    (error instanceof Error && error.cause instanceof ResponseTooLargeError)
  ) {
    return classified('too_large', message);
  }
  if (error instanceof UnauthorizedError) return classified('auth', message, { reached: 'no' });
  if (error instanceof StreamableHTTPError && error.code !== undefined) {
    return classifyHttpStatus(error.code, message, context.hasSession ?? false);
  }
  if (error instanceof SseError && error.code !== undefined) {
    return classifyHttpStatus(error.code, message, false);
  }
  if (error instanceof McpError) return classifyMcpError(error);
  if (error instanceof ZodError)
    return classified('protocol', 'the server answered in a shape the protocol does not know');
  // The legacy SSE transport of the SDK has only text for a refused POST.
  const posted = /^Error POSTing to endpoint \(HTTP (\d{3})\)/.exec(message);
  if (posted) return classifyHttpStatus(Number(posted[1]), message, true);
  const code = systemCode(error);
  if (code !== undefined && NEVER_SENT.has(code)) return classified('connection', message, { reached: 'no' });
  if (message === 'Not connected') return classified('connection', message, { reached: 'no' });
  if (code !== undefined && LOST.has(code)) return classified('connection', message);
  if (error instanceof TypeError && /fetch failed|terminated/i.test(message))
    return classified('connection', message);
  if (error instanceof SyntaxError)
    return classified('protocol', 'the server answered with something that is not JSON');
  return classified('protocol', message);
}

/** One retry, and only where it cannot execute a changing call twice. */
export function mayRetry(error: ClassifiedError, tool: { readOnly: boolean }): boolean {
  return error.kind === 'connection' && (error.reached === 'no' || tool.readOnly);
}
