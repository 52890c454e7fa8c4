import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { errorMessage } from '#src/server/errors.ts';

export type SlackFailure = {
  /**
   * `refused` will be refused again until a person changes something; `rate_limited` and `unavailable` pass; after
   * `unknown` the message may have been posted.
   */
  kind: 'refused' | 'rate_limited' | 'unavailable' | 'unknown';
  message: string;
  retryAfterMs?: number;
};

/** Errors of the platform that pass by themselves. */
const PASSING = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'org_login_required',
]);

/** What to do about Slack's most frequent refusals. */
const ADVICE: Readonly<Record<string, string>> = {
  channel_not_found: 'no such channel, or a private one that the bot is not in',
  not_in_channel: 'invite the bot into the channel',
  is_archived: 'the channel is archived',
  invalid_auth: 'the token is not valid',
  not_authed: 'no token was sent',
  token_revoked: 'the token has been revoked',
  token_expired: 'the token has expired',
  account_inactive: "the token's account is inactive",
  missing_scope: 'the token lacks the scope chat:write',
};

/** What went wrong with a call of Slack's API, and whether trying again may help. */
export function classifySlackError(error: unknown): SlackFailure {
  if (error instanceof WebAPIRateLimitedError) {
    return {
      kind: 'rate_limited',
      message: 'Slack asks to wait (rate limit)',
      retryAfterMs: error.retryAfter * 1_000,
    };
  }
  if (error instanceof WebAPIPlatformError) {
    const code = error.data.error;
    const advice = ADVICE[code];
    const message = `Slack answered ${code}${advice ? `: ${advice}` : ''}`;
    return { kind: PASSING.has(code) ? 'unavailable' : 'refused', message };
  }
  if (error instanceof WebAPIHTTPError) {
    const message = `Slack answered with HTTP ${error.statusCode}`;
    if (error.statusCode >= 500) return { kind: 'unknown', message };
    return { kind: error.statusCode === 429 ? 'rate_limited' : 'refused', message };
  }
  const { code, text } = innermostCause(error);
  const message = `Slack cannot be reached: ${code ?? text}`;
  return { kind: code !== undefined && NEVER_SENT.has(code) ? 'unavailable' : 'unknown', message };
}

/** The connection was not made, so nothing was posted. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']);

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
