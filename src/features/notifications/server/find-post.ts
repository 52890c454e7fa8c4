import { errorMessage } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { Destination, Opener, Post } from './destination/destination.ts';
import { mentionsFingerprint } from './destination/match-fingerprint.ts';
import { findKnownThread, type LoadedNotification } from './load-notification.ts';
import { LOOKUP_TIMEOUT_MS, THREAD_WINDOW_MS } from './tunables.ts';

/**
 * The thread that a message belongs into: that of our earlier messages about the same problem, else the one below the
 * channel's newest message that names its fingerprint (as Alertmanager's do). Null opens a new one. A channel that cannot be
 * read (the bot may only write) never keeps a message back.
 */
export async function findThread(
  kernel: Kernel,
  options: { destination: Destination; open: Opener; notification: LoadedNotification; signal: AbortSignal },
): Promise<string | null> {
  const { destination, open, notification, signal } = options;
  const { fingerprint } = notification;
  if (!destination.readPosts) return null;
  const known = await findKnownThread(kernel.database.pool, {
    notification,
    target: destination.target,
    windowMs: THREAD_WINDOW_MS,
  });
  if (known !== null || fingerprint === null) return known;
  try {
    const hurried = open(AbortSignal.any([signal, AbortSignal.timeout(LOOKUP_TIMEOUT_MS)]));
    const head = await findPost(hurried, null, ({ content }) => mentionsFingerprint(content, fingerprint));
    return head?.threadId ?? null;
  } catch (error) {
    const { destination: name } = notification;
    kernel.log.warn(
      { destination: name, reason: errorMessage(error) },
      'the channel was not searched for the alert',
    );
    return null;
  }
}

/** The message of an attempt whose answer was lost, recognised by our id in it; null when it is not there, or nobody can tell. */
export async function findPosted(options: {
  destination: Destination;
  notificationId: string;
  threadId: string | null;
}): Promise<string | null> {
  const { destination, notificationId, threadId } = options;
  const post = await findPost(
    destination,
    threadId,
    (candidate) => candidate.notificationId === notificationId,
  );
  return post?.id ?? null;
}

async function findPost(
  destination: Destination | null,
  threadId: string | null,
  wanted: (post: Post) => boolean,
): Promise<Post | null> {
  for await (const post of destination?.readPosts?.({ threadId }) ?? []) if (wanted(post)) return post;
  return null;
}
