import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { errorMessage } from '#src/server/errors.ts';
import { loadSessionMasker } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { NotificationKind } from '../schema.ts';
import { type LoadedNotification, loadFacts } from './load-notification.ts';
import { composeMessage } from './message/compose-message.ts';
import { findPosted, findThread } from './slack/find-thread.ts';
import { type ActiveSlack, openSlack } from './slack/open-slack.ts';

/** Where a message stands; `ts` is null when there was nothing to say any more. */
export type Posted = { ts: string | null; thread: string | null };

const answerSchema = z.looseObject({ ts: z.string() });

/**
 * Posts one message into its thread. With `mayBePosted` (an earlier attempt has an unknown outcome) it looks for the message
 * first and posts only what is not there. Throws what Slack's client throws.
 */
export async function postMessage(
  kernel: Kernel,
  options: {
    slack: ActiveSlack;
    notification: LoadedNotification;
    mayBePosted: boolean;
    signal: AbortSignal;
  },
): Promise<Posted> {
  const { slack, notification, mayBePosted, signal } = options;
  const facts = await loadFacts(kernel.database.pool, notification);
  if (!facts) return { ts: null, thread: null };
  const thread = await findThread(kernel, options);
  const client = openSlack(slack, signal);
  if (mayBePosted) {
    const ts = await lookFor(kernel, client, { slack, notificationId: notification.id, thread });
    if (ts !== null) return { ts, thread };
  }
  const masker = await loadSessionMasker(kernel, kernel.database.pool, notification.sessionId);
  (await masker.identifiers.save(kernel.database.pool))();
  const { reveal } = masker.identifiers;
  const shown = kernel.config.current().notifications.revealIdentifiers ? reveal : asItIs;
  const answer = await client.chat.postMessage({
    channel: slack.channel,
    text: composeMessage(notification.kind, {
      facts,
      publicUrl: kernel.env.publicUrl,
      templates: slack.templates,
      masker,
      reveal: shown,
    }),
    ...placeInThread(thread, notification.kind),
    // Addresses in foreign text stay text; our own link is written out.
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: 'tars_notification', event_payload: { notification_id: notification.id } },
  });
  return { ts: answerSchema.parse(answer).ts, thread };
}

const asItIs = (text: string): string => text;

/** What waits for a person is shown in the channel too: a thread is easily overlooked. */
function placeInThread(thread: string | null, kind: NotificationKind) {
  if (thread === null) return {};
  return kind === 'approval'
    ? { thread_ts: thread, reply_broadcast: true as const }
    : { thread_ts: thread, reply_broadcast: false as const };
}

async function lookFor(
  kernel: Kernel,
  client: WebClient,
  options: { slack: ActiveSlack; notificationId: string; thread: string | null },
): Promise<string | null> {
  try {
    return await findPosted(client, options);
  } catch (error) {
    kernel.log.warn(
      { reason: errorMessage(error) },
      'whether the message was posted could not be read from Slack; it is posted again',
    );
    return null;
  }
}
