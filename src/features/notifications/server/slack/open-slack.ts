import { type FetchFunction, LogLevel, WebClient } from '@slack/web-api';
import type { Config, SlackConfig } from '#src/server/config/index.ts';
import { POST_TIMEOUT_MS } from '../tunables.ts';

export type ActiveSlack = SlackConfig & { token: string };

/** Slack's settings where messages are to be posted; null where they are not. */
export function activeSlack(config: Config): ActiveSlack | null {
  const slack = config.notifications.slack;
  return slack?.enabled && slack.token !== undefined ? { ...slack, token: slack.token } : null;
}

/**
 * A client that tries once, within its time: the queue repeats, which holds no worker meanwhile. `signal` ends whatever it
 * is doing. Its own log stays silent, since it would repeat what an error already says.
 */
export function openSlack(slack: ActiveSlack, signal: AbortSignal): WebClient {
  return new WebClient(slack.token, {
    slackApiUrl: slack.apiUrl,
    timeout: POST_TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: silent,
    fetch: abortable(signal),
  });
}

const abortable =
  (signal: AbortSignal): FetchFunction =>
  (url, init = {}) =>
    fetch(url, {
      ...init,
      // The token goes to the configured host and nowhere else.
      redirect: 'error',
      signal: init.signal ? AbortSignal.any([init.signal, signal]) : signal,
    });

const nothing = () => undefined;
const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: () => LogLevel.ERROR,
};
