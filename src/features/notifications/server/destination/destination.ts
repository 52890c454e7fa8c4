import type { DestinationType } from '#src/server/config/index.ts';
import type { Message } from '../message/compose-message.ts';

/**
 * A place that takes messages, opened for one job. This is all that a platform does; which thread, whether again, and when, is
 * the same for every one. Each call tries once and throws a `DeliveryError`.
 */
export type Destination = {
  type: DestinationType;
  /** Where it leads, without secrets: a channel, a host. Threads hold within it. */
  target: string;
  /** Returns the platform's id of the message; null where it has none, so that nothing can be done with it later. */
  post(message: Message, place: Place): Promise<{ messageId: string | null }>;
  /** Puts another text in the place of a message of ours. Absent where it cannot be done. */
  edit?(messageId: string, message: Message): Promise<void>;
  /** What stands in the channel, or in one of its threads, within the window. Absent where it cannot be read. */
  readPosts?(place: { threadId: string | null }): AsyncIterable<Post>;
  /** As whom and where messages are posted: "tars in Acme". */
  identify?(): Promise<string>;
};

export type Place = {
  /** Goes with the message where the platform lets it, so that it is recognised. */
  notificationId: string;
  threadId: string | null;
};

/** A message that anybody may have posted. */
export type Post = {
  id: string;
  /** The thread that it stands in, or would open. */
  threadId: string;
  /** Of our own notification, if it is one. */
  notificationId: string | null;
  /** Text, attachments and blocks as the platform has them. */
  content: unknown;
};

/** Opens a destination for as long as the signal lets it; null where it is gone, switched off or incomplete. */
export type Opener = (signal: AbortSignal) => Destination | null;
