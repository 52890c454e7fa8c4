import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Post } from '../destination/destination.ts';
import {
  CHANNEL_PAGE_SIZE,
  CHANNEL_PAGES,
  HISTORY_PAGE_SIZE,
  HISTORY_PAGES,
  THREAD_WINDOW_MS,
} from '../tunables.ts';

const CHANNEL_ID = /^[CDG][A-Z0-9]{7,}$/;

/** A message is known by its `ts` within a channel; only with the id of the channel can it be edited. */
export const messageIdOf = (channel: string, ts: string): string => `${channel}/${ts}`;

/** The parts of a message's id; one that was kept before it had two parts names no channel. */
export function splitMessageId(id: string): { channel: string | null; ts: string } {
  const [first = '', ts] = id.split('/');
  return ts === undefined ? { channel: null, ts: first } : { channel: first, ts };
}

const metadataSchema = z.looseObject({ next_cursor: z.string().optional() }).optional();
const channelPageSchema = z.looseObject({
  channels: z.array(z.looseObject({ id: z.string(), name: z.string().optional() })),
  response_metadata: metadataSchema,
});
const messageSchema = z.looseObject({
  ts: z.string(),
  thread_ts: z.string().optional(),
  metadata: z
    .looseObject({ event_payload: z.looseObject({ notification_id: z.string().optional() }) })
    .optional()
    .catch(undefined),
});
const messagePageSchema = z.looseObject({
  messages: z.array(messageSchema),
  response_metadata: metadataSchema,
});

/**
 * The id of the configured channel: reading and editing need it, while posting also takes a name. A name that is not among the
 * channels the bot sees is returned as it is.
 */
async function resolveChannelId(client: WebClient, channel: string): Promise<string> {
  if (CHANNEL_ID.test(channel)) return channel;
  const name = channel.replace(/^#/, '');
  let cursor: string | undefined;
  for (let page = 0; page < CHANNEL_PAGES; page += 1) {
    const answer = channelPageSchema.parse(
      await client.conversations.list({
        types: 'public_channel,private_channel',
        exclude_archived: true,
        limit: CHANNEL_PAGE_SIZE,
        ...(cursor ? { cursor } : {}),
      }),
    );
    const found = answer.channels.find((candidate) => candidate.name === name);
    if (found) return found.id;
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) break;
  }
  return channel;
}

/**
 * The messages of a channel or of one of its threads, within the window. A bot that may not list channels asks by the
 * configured name; when that fails, too, the first refusal is thrown, since it names what is missing.
 */
export async function* readChannel(
  client: WebClient,
  options: { channel: string; threadId: string | null },
): AsyncGenerator<Post> {
  let refusal: unknown;
  const channel = await resolveChannelId(client, options.channel).catch((error: unknown) => {
    refusal = error;
    return options.channel;
  });
  try {
    yield* readPages(client, { ...options, channel });
  } catch (error) {
    throw refusal ?? error;
  }
}

async function* readPages(
  client: WebClient,
  { channel, threadId }: { channel: string; threadId: string | null },
): AsyncGenerator<Post> {
  const query = {
    channel,
    limit: HISTORY_PAGE_SIZE,
    oldest: ((Date.now() - THREAD_WINDOW_MS) / 1_000).toFixed(6),
    include_all_metadata: true,
  };
  let cursor: string | undefined;
  for (let page = 0; page < HISTORY_PAGES; page += 1) {
    const paged = { ...query, ...(cursor ? { cursor } : {}) };
    const answer = messagePageSchema.parse(
      threadId === null
        ? await client.conversations.history(paged)
        : await client.conversations.replies({ ...paged, ts: threadId }),
    );
    for (const message of answer.messages) {
      yield {
        id: messageIdOf(channel, message.ts),
        threadId: message.thread_ts ?? message.ts,
        notificationId: message.metadata?.event_payload.notification_id ?? null,
        content: message,
      };
    }
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) break;
  }
}
