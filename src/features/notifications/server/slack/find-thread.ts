import type { WebClient } from '@slack/web-api';
import { errorMessage } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { findKnownThread, type LoadedNotification } from '../load-notification.ts';
import { LOOKUP_TIMEOUT_MS, THREAD_WINDOW_MS } from '../tunables.ts';
import { mentionsFingerprint } from './match-fingerprint.ts';
import { type ActiveSlack, openSlack } from './open-slack.ts';
import { findMessage } from './read-channel.ts';

/**
 * The thread that a message belongs into: that of our earlier messages about the same problem, else the one below the
 * channel's newest message that names its fingerprint (as Alertmanager's do). Null opens a new one. A channel that cannot be
 * read (the bot may only write) never keeps a message back.
 */
export async function findThread(
  kernel: Kernel,
  options: { slack: ActiveSlack; notification: LoadedNotification; signal: AbortSignal },
): Promise<string | null> {
  const { slack, notification, signal } = options;
  const known = await findKnownThread(kernel.database.pool, {
    notification,
    target: slack.channel,
    windowMs: THREAD_WINDOW_MS,
  });
  const { fingerprint } = notification;
  if (known !== null || fingerprint === null) return known;
  try {
    const client = openSlack(slack, AbortSignal.any([signal, AbortSignal.timeout(LOOKUP_TIMEOUT_MS)]));
    const message = await findMessage(client, {
      channel: slack.channel,
      nowMs: Date.now(),
      wanted: (candidate) => mentionsFingerprint(candidate, fingerprint),
    });
    return message === null ? null : (message.thread_ts ?? message.ts);
  } catch (error) {
    kernel.log.warn({ reason: errorMessage(error) }, 'the Slack channel was not searched for the alert');
    return null;
  }
}

/**
 * The message of an attempt whose answer was lost, recognised by the id in its metadata; null when it was never posted, or
 * when the channel cannot be read: then it is better said twice than not at all.
 */
export async function findPosted(
  client: WebClient,
  options: { slack: ActiveSlack; notificationId: string; thread: string | null },
): Promise<string | null> {
  const { slack, notificationId, thread } = options;
  const message = await findMessage(client, {
    channel: slack.channel,
    threadTs: thread,
    nowMs: Date.now(),
    wanted: ({ metadata }) => metadata?.event_payload.notification_id === notificationId,
  });
  return message?.ts ?? null;
}
