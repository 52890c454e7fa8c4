import type { Kernel } from '#src/server/kernel.ts';
import { decideRetry } from './decide-retry.ts';
import { type LoadedNotification, loadUnsent } from './load-notification.ts';
import { postMessage } from './post-message.ts';
import { enqueueNotification } from './request-notification.ts';
import { classifySlackError, type SlackFailure } from './slack/classify-slack-error.ts';
import { type ActiveSlack, activeSlack } from './slack/open-slack.ts';
import { saveFailure, saveSent, saveWaiting, takeUp } from './write-notification.ts';

/** Thrown for the queue, which tries again after a pause. */
export class NotSentError extends Error {
  override name = 'NotSentError';
}

/**
 * Sends a notification, and before it those of its session that still wait. Ends normally when there is nothing (more) to
 * do: sent, refused for good, given up, or put off for as long as Slack asks. Throws `NotSentError` when the queue shall
 * try again. Whatever happens here, the investigation does not notice.
 */
export async function sendNotification(
  kernel: Kernel,
  options: { notificationId: string; isLastAttempt: boolean; signal: AbortSignal },
): Promise<void> {
  const { notificationId, isLastAttempt, signal } = options;
  const slack = activeSlack(kernel.config.current());
  for (const notification of await loadUnsent(kernel.database.pool, notificationId)) {
    if (!slack) {
      await kernel.database.pool.query('delete from notification where id = $1', [notification.id]);
      continue;
    }
    const failure = await attempt(kernel, { slack, notification, signal });
    if (!failure) continue;
    const retry = decideRetry({
      failure,
      isLastAttempt,
      ageMs: Date.now() - notification.createdAt.getTime(),
    });
    if (retry.next === 'give_up') {
      await saveFailure(kernel, { notification, reason: retry.reason });
      continue;
    }
    await saveWaiting(kernel, { notification, failure });
    if (retry.next === 'throw') throw new NotSentError(failure.message);
    await enqueueNotification(kernel.database.pool, notificationId, new Date(Date.now() + retry.afterMs));
    return;
  }
}

/** One attempt; what went wrong with it, or null when it is done with. */
async function attempt(
  kernel: Kernel,
  options: { slack: ActiveSlack; notification: LoadedNotification; signal: AbortSignal },
): Promise<SlackFailure | null> {
  const { slack, notification } = options;
  const taken = await takeUp(kernel, notification);
  if (!taken) return null;
  try {
    const posted = await postMessage(kernel, { ...options, mayBePosted: taken.wasSending });
    await saveSent(kernel, { notification, target: slack.channel, posted });
    return null;
  } catch (error) {
    // A shutdown in the middle: the row says "sending", so that the next attempt looks first.
    options.signal.throwIfAborted();
    return classifySlackError(error);
  }
}
