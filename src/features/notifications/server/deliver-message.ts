import { mapStrings } from '#src/lib/identifier-placeholders.ts';
import { errorMessage } from '#src/server/errors.ts';
import { loadSessionMasker } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { DeliveryError } from './destination/delivery-error.ts';
import type { Destination, Opener } from './destination/destination.ts';
import { findPosted, findThread } from './find-post.ts';
import { findRequestMessage, type LoadedNotification, loadFacts } from './load-notification.ts';
import { composeMessage, type SessionMessage, type Shown } from './message/compose-message.ts';
import type { MessageFacts } from './message/facts.ts';

/** Where a message stands: ids of the platform, where it has any. */
export type Delivered = { target: string; messageId: string | null; threadId: string | null };

type Delivery = {
  open: Opener;
  notification: LoadedNotification;
  /** Whether the destination shows the names that models must not see. */
  revealsIdentifiers: boolean;
  /** An earlier attempt has an unknown outcome. */
  mayBePosted: boolean;
  signal: AbortSignal;
};

/**
 * Delivers one message; null when there is nothing to say any more. A decision takes the place of the message that asked for
 * it where messages can be edited, and is told below it where they cannot. Throws what destinations throw.
 */
export async function deliverMessage(kernel: Kernel, delivery: Delivery): Promise<Delivered | null> {
  const { open, notification, mayBePosted, signal } = delivery;
  const destination = open(signal);
  const facts = destination && (await loadFacts(kernel, notification));
  if (!destination || !facts) return null;
  const message = await compose(kernel, delivery, facts);
  if (notification.kind === 'decision') return deliverDecision(kernel, { ...delivery, destination, message });
  // Nobody is asked for what has been decided; but what may already stand there is to be known when it is edited.
  const isLate = notification.kind === 'approval' && facts.approval?.status !== 'pending';
  if (isLate && !mayBePosted) return null;
  return post(kernel, { ...delivery, destination, message, onlyLook: isLate });
}

async function compose(
  kernel: Kernel,
  { notification, revealsIdentifiers }: Delivery,
  facts: MessageFacts,
): Promise<SessionMessage> {
  const { pool } = kernel.database;
  const masker = await loadSessionMasker(kernel, pool, notification.sessionId);
  const { reveal } = masker.identifiers;
  const revealing: Shown = {
    text: (text) => reveal(masker.text(text)),
    json: (value) => mapStrings(masker.json(value), reveal),
  };
  const message = composeMessage(notification.kind, {
    facts,
    at: notification.createdAt,
    publicUrl: kernel.env.publicUrl,
    masker: revealsIdentifiers ? revealing : masker,
  });
  // A placeholder that leaves can be read back.
  (await masker.identifiers.save(pool))();
  return message;
}

async function deliverDecision(
  kernel: Kernel,
  options: Delivery & { destination: Destination; message: SessionMessage },
): Promise<Delivered | null> {
  const { destination, message, notification } = options;
  const request = await findRequestMessage(kernel.database.pool, notification);
  if (!request) return null;
  const { target } = destination;
  if (request.messageId !== null && destination.edit) {
    try {
      await destination.edit(request.messageId, message);
      return { target, messageId: null, threadId: null };
    } catch (error) {
      if (!(error instanceof DeliveryError && error.failure.kind === 'refused')) throw error;
      kernel.log.warn(
        { reason: error.message },
        'a message could not be edited; the decision is posted below it',
      );
    }
  }
  return post(kernel, { ...options, onlyLook: false });
}

/** Posts the message into its thread, unless an earlier attempt has. */
async function post(
  kernel: Kernel,
  options: Delivery & { destination: Destination; message: SessionMessage; onlyLook: boolean },
): Promise<Delivered | null> {
  const { destination, message, notification, mayBePosted, onlyLook } = options;
  const { target } = destination;
  const threadId = await findThread(kernel, options);
  if (mayBePosted) {
    const messageId = await lookFor(kernel, { destination, threadId, notificationId: notification.id });
    if (messageId !== null) return { target, messageId, threadId };
  }
  if (onlyLook) return null;
  const { messageId } = await destination.post(message, { notificationId: notification.id, threadId });
  return { target, messageId, threadId };
}

/** Rather twice than never: where it cannot be seen whether the message was posted, it is posted. */
async function lookFor(
  kernel: Kernel,
  options: { destination: Destination; threadId: string | null; notificationId: string },
): Promise<string | null> {
  try {
    return await findPosted(options);
  } catch (error) {
    kernel.log.warn(
      { reason: errorMessage(error) },
      'whether the message was posted could not be read; it is posted again',
    );
    return null;
  }
}
