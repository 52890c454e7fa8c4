import { listDestinations } from '#src/server/config/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { decideRetry } from './decide-retry.ts';
import { deliverMessage } from './deliver-message.ts';
import { type DeliveryFailure, failureOf } from './destination/delivery-error.ts';
import type { Opener } from './destination/destination.ts';
import { openDestination } from './destination/open-destination.ts';
import { type LoadedNotification, loadUnsent } from './load-notification.ts';
import { enqueueNotification } from './request-notification.ts';
import {
  deleteNotification,
  holdDestination,
  readHeldUntil,
  saveFailure,
  saveSent,
  saveWaiting,
  takeUp,
} from './write-notification.ts';

/** Thrown for the queue, which tries again after a pause. */
export class NotSentError extends Error {
  override name = 'NotSentError';
}

/**
 * Sends a notification, and before it those of its session to the same destination that still wait. Ends normally when there
 * is nothing (more) to do: sent, refused for good, given up, or put off for as long as the destination asks, which then holds for
 * all that is to be sent there. Throws
 * `NotSentError` when the queue shall try again. Whatever happens here, the investigation does not notice.
 */
export async function sendNotification(
  kernel: Kernel,
  options: { notificationId: string; isLastAttempt: boolean; signal: AbortSignal },
): Promise<void> {
  const { notificationId, isLastAttempt, signal } = options;
  const { pool } = kernel.database;
  const unsent = await loadUnsent(pool, notificationId);
  const destination = unsent[0]?.destination;
  if (destination === undefined) return;
  const heldUntil = await readHeldUntil(pool, destination);
  // Costs no attempt: this message was not refused, another was.
  if (heldUntil !== null)
    return enqueueNotification(pool, { id: notificationId, destination, runAt: heldUntil });
  for (const notification of unsent) {
    const failure = await attempt(kernel, { notification, signal });
    if (!failure) continue;
    const retry = decideRetry({
      failure,
      isLastAttempt,
      attempts: notification.attempts + 1,
      ageMs: Date.now() - notification.createdAt.getTime(),
    });
    if (retry.next === 'give_up') {
      await saveFailure(kernel, { notification, reason: retry.reason });
      continue;
    }
    await saveWaiting(kernel, { notification, failure });
    if (retry.next === 'throw') throw new NotSentError(failure.message);
    const runAt = new Date(Date.now() + retry.afterMs);
    await holdDestination(pool, destination, runAt);
    await enqueueNotification(pool, { id: notificationId, destination, runAt });
    return;
  }
}

/** One attempt; what went wrong with it, or null when it is done with. */
async function attempt(
  kernel: Kernel,
  options: { notification: LoadedNotification; signal: AbortSignal },
): Promise<DeliveryFailure | null> {
  const { notification, signal } = options;
  const { notifications } = kernel.config.current();
  const settings = listDestinations(notifications).find(([name]) => name === notification.destination)?.[1];
  const open: Opener = (until) => (settings ? openDestination(settings, until) : null);
  if (!settings || !open(signal)) {
    await deleteNotification(kernel.database.pool, notification.id);
    return null;
  }
  const revealsIdentifiers = settings.revealIdentifiers ?? notifications.revealIdentifiers;
  const taken = await takeUp(kernel, notification);
  if (!taken) return null;
  try {
    const delivered = await deliverMessage(kernel, {
      open,
      notification,
      revealsIdentifiers,
      ...taken,
      signal,
    });
    await saveSent(kernel, { notification, delivered });
    return null;
  } catch (error) {
    // A shutdown in the middle: the row says "sending", so that the next attempt looks first.
    signal.throwIfAborted();
    return failureOf(error);
  }
}
