import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import {
  CHANNEL_PAGE_SIZE,
  CHANNEL_PAGES,
  HISTORY_PAGE_SIZE,
  HISTORY_PAGES,
  THREAD_WINDOW_MS,
} from '../tunables.ts';
import { type SlackMessage, slackMessageSchema } from './match-fingerprint.ts';

const CHANNEL_ID = /^[CDG][A-Z0-9]{7,}$/;

const metadataSchema = z.looseObject({ next_cursor: z.string().optional() }).optional();
const channelPageSchema = z.looseObject({
  channels: z.array(z.looseObject({ id: z.string(), name: z.string().optional() })),
  response_metadata: metadataSchema,
});
const messagePageSchema = z.looseObject({
  messages: z.array(slackMessageSchema),
  response_metadata: metadataSchema,
});

/**
 * The id of the configured channel: reading needs it, while posting also takes a name. A name that is not among the channels
 * the bot sees is returned as it is.
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

type Wanted = {
  channel: string;
  threadTs?: string | null;
  nowMs: number;
  wanted(message: SlackMessage): boolean;
};

/**
 * The newest message of the configured channel, or of one of its threads, within the window that `wanted` accepts; null
 * without one. A bot that may not list channels asks by the configured name; when that fails, too, the first refusal is
 * thrown, since it names what is missing.
 */
export async function findMessage(client: WebClient, options: Wanted): Promise<SlackMessage | null> {
  let refusal: unknown;
  const channel = await resolveChannelId(client, options.channel).catch((error: unknown) => {
    refusal = error;
    return options.channel;
  });
  try {
    return await searchPages(client, { ...options, channel });
  } catch (error) {
    throw refusal ?? error;
  }
}

async function searchPages(client: WebClient, options: Wanted): Promise<SlackMessage | null> {
  const { channel, threadTs, nowMs, wanted } = options;
  const query = {
    channel,
    limit: HISTORY_PAGE_SIZE,
    oldest: ((nowMs - THREAD_WINDOW_MS) / 1_000).toFixed(6),
    include_all_metadata: true,
  };
  let cursor: string | undefined;
  for (let page = 0; page < HISTORY_PAGES; page += 1) {
    const paged = { ...query, ...(cursor ? { cursor } : {}) };
    const answer = messagePageSchema.parse(
      threadTs
        ? await client.conversations.replies({ ...paged, ts: threadTs })
        : await client.conversations.history(paged),
    );
    const found = answer.messages.find(wanted);
    if (found) return found;
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) break;
  }
  return null;
}
