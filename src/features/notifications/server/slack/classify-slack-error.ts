import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { classifyAnswer } from '../destination/classify-answer.ts';
import { DeliveryError, type DeliveryFailure, unansweredCall } from '../destination/delivery-error.ts';

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
export function classifySlackError(error: unknown): DeliveryFailure {
  if (error instanceof DeliveryError) return error.failure;
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
    const { statusCode: status, headers } = error;
    const retryAfter = retryAfterOf(headers);
    return classifyAnswer({ service: 'Slack', status, retryAfter, said: '', nowMs: Date.now() });
  }
  return unansweredCall('Slack', error);
}

function retryAfterOf(headers: unknown): string | null {
  if (headers === null || typeof headers !== 'object') return null;
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after');
  return found ? String(found[1]) : null;
}
