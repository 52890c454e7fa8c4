import {
  APICallError,
  InvalidPromptError,
  JSONParseError,
  LoadAPIKeyError,
  LoadSettingError,
  TypeValidationError,
} from '@ai-sdk/provider';
import { readRetryAfterMs } from './compute-retry-delay.ts';
import { LlmError, type LlmErrorCode } from './llm-error.ts';
import { ERROR_MESSAGE_MAX_CHARS } from './tunables.ts';

type ErrorFacts = {
  message: string;
  statusCode: number | undefined;
  /** The provider's own type or code, and the raw body: where they say what the status does not. */
  detail: string;
  retryAfterMs: number | undefined;
};

const OVERFLOW =
  /context[_ ](length|window)|maximum context|prompt is too long|too many (input )?tokens|exceeds the (maximum|available|model)[^.]{0,40}(tokens|context)|input token count/i;
const BAD_KEY =
  /api[_ -]?key not valid|invalid[_ ]api[_ -]?key|API_KEY_INVALID|incorrect api key|authentication_error/i;
const NO_MONEY = /insufficient_quota|billing|credit balance|payment required/i;
const OVERLOADED = /overloaded|model is busy|\bcapacity\b|UNAVAILABLE/i;
const RATE_LIMIT = /rate[_ ]limit|too many requests|RESOURCE_EXHAUSTED/i;
const NO_GOOGLE_LOGIN = /default credentials|refresh access token|invalid_grant/i;
const DEAD_CONNECTION =
  /ECONNRESET|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|UND_ERR|fetch failed|terminated|socket hang up|other side closed|network/i;

/**
 * Turns whatever the SDK threw or streamed as an error into an `LlmError`.
 *
 * @param context.hasOutput whether output had begun: the same broken connection is then a cut stream
 * @param context.secrets texts that must not appear in the message
 */
export function classifyLlmError(
  error: unknown,
  context: { hasOutput: boolean; secrets: readonly string[]; nowMs?: number },
): LlmError {
  if (error instanceof LlmError) return error;
  const facts = readFacts(error, context.nowMs ?? Date.now());
  const code = decideCode(error, facts, context.hasOutput);
  return new LlmError(code, cleanMessage(facts.message, context.secrets), {
    ...(facts.statusCode === undefined ? {} : { statusCode: facts.statusCode }),
    ...(facts.retryAfterMs === undefined ? {} : { retryAfterMs: facts.retryAfterMs }),
    cause: error,
  });
}

function readFacts(error: unknown, nowMs: number): ErrorFacts {
  const fields: Record<string, unknown> = typeof error === 'object' && error !== null ? { ...error } : {};
  const message = error instanceof Error ? error.message : textField(fields, 'message') || stringify(error);
  const detail = [textField(fields, 'type'), textField(fields, 'code')];
  if (APICallError.isInstance(error)) {
    const body = error.responseBody ?? '';
    return {
      message: describeApiError(error),
      // A broken body of a successful response has that response's status, which says nothing about the failure.
      statusCode: isSuccess(error.statusCode) ? undefined : error.statusCode,
      detail: [...detail, body, causeText(error)].join(' '),
      retryAfterMs: readRetryAfterMs(error.responseHeaders, nowMs) ?? readRetryDelay(body),
    };
  }
  const status = fields.statusCode;
  return {
    message: message || 'the provider sent an error without a text',
    statusCode: typeof status === 'number' ? status : undefined,
    detail: [...detail, causeText(error)].join(' '),
    retryAfterMs: undefined,
  };
}

function isSuccess(status: number | undefined): boolean {
  return status !== undefined && status < 300;
}

function describeApiError(error: APICallError): string {
  if (isSuccess(error.statusCode)) return `the response broke off${joinCause(error)}`;
  return error.message || `HTTP ${error.statusCode ?? 'error'}`;
}

function joinCause(error: Error): string {
  const text = causeText(error).trim();
  return text === '' ? '' : `: ${text}`;
}

/** Google names the pause in the error's details instead of a header. */
function readRetryDelay(body: string): number | undefined {
  const seconds = /"retryDelay":\s*"(\d+(?:\.\d+)?)s"/.exec(body)?.[1];
  return seconds === undefined ? undefined : Number.parseFloat(seconds) * 1_000;
}

function decideCode(error: unknown, facts: ErrorFacts, hasOutput: boolean): LlmErrorCode {
  const text = `${facts.message} ${facts.detail}`;
  if (LoadAPIKeyError.isInstance(error) || LoadSettingError.isInstance(error)) return 'credentials';
  if (InvalidPromptError.isInstance(error)) return 'invalid_request';
  if (NO_GOOGLE_LOGIN.test(text)) return 'credentials';
  if (facts.statusCode !== undefined) return codeOfStatus(facts.statusCode, text);
  // A chunk that cannot be read, or a stream that ended without its last event.
  if (JSONParseError.isInstance(error) || TypeValidationError.isInstance(error)) return 'cut_stream';
  if (/without a finish reason/i.test(text)) return 'cut_stream';
  if (OVERFLOW.test(text)) return 'context_overflow';
  if (BAD_KEY.test(text) || NO_MONEY.test(text)) return 'credentials';
  if (RATE_LIMIT.test(text)) return 'rate_limited';
  if (OVERLOADED.test(text)) return 'overloaded';
  if (DEAD_CONNECTION.test(text)) return hasOutput ? 'cut_stream' : 'network';
  return /invalid_request|unsupported/i.test(text) ? 'invalid_request' : 'server_error';
}

function codeOfStatus(status: number, text: string): LlmErrorCode {
  switch (status) {
    case 401:
    case 402:
    case 403:
      return 'credentials';
    case 413:
      return 'context_overflow';
    case 429:
      return NO_MONEY.test(text) ? 'credentials' : 'rate_limited';
    case 408:
    case 409:
    case 425:
      return 'server_error';
    case 503:
    case 529:
      return 'overloaded';
    default:
  }
  if (status >= 500) return OVERLOADED.test(text) ? 'overloaded' : 'server_error';
  if (OVERFLOW.test(text)) return 'context_overflow';
  return BAD_KEY.test(text) || NO_MONEY.test(text) ? 'credentials' : 'invalid_request';
}

const SECRET_SHAPES =
  /\b(sk|xai|gsk|AIza|ya29)[-_.][\w.-]{8,}|\bAIza[\w-]{20,}|(?<=Bearer )\S{8,}|(?<=[?&]key=)[^&\s]+/g;
/** Shorter values would hide ordinary words. */
const MIN_SECRET_CHARS = 6;

function cleanMessage(message: string, secrets: readonly string[]): string {
  let text = message;
  for (const secret of secrets) {
    if (secret.length >= MIN_SECRET_CHARS) text = text.replaceAll(secret, '[redacted]');
  }
  text = text.replace(SECRET_SHAPES, '[redacted]').replace(/\s+/g, ' ').trim();
  return text.length > ERROR_MESSAGE_MAX_CHARS ? `${text.slice(0, ERROR_MESSAGE_MAX_CHARS)}…` : text;
}

function textField(fields: Record<string, unknown>, name: string): string {
  const value = fields[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function causeText(error: unknown): string {
  if (!(error instanceof Error) || error.cause === undefined) return '';
  const cause = error.cause;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  return `${code} ${cause instanceof Error ? cause.message : ''}`;
}

function stringify(error: unknown): string {
  return typeof error === 'string' ? error : (JSON.stringify(error) ?? 'unknown error');
}
