import { z } from 'zod';
import type { MessageTemplates } from '#src/server/config/schema-notifications.ts';
import type { Destination, Post } from '../destination/destination.ts';
import { HISTORY_PAGE_SIZE, HISTORY_PAGES, THREAD_WINDOW_MS } from '../tunables.ts';
import { isOrphaned, type MattermostCall, mattermostApi } from './call-mattermost.ts';
import { renderMattermost } from './render-mattermost.ts';

type Settings = { url: string; token: string; channel: string; templates: MessageTemplates };

const idSchema = z.looseObject({ id: z.string() });
const userSchema = z.looseObject({ username: z.string() });
const postSchema = z.looseObject({
  id: z.string(),
  root_id: z.string().catch(''),
  create_at: z.number(),
  message: z.string().catch(''),
  props: z.looseObject({ tars_notification: z.string().optional().catch(undefined) }).catch({}),
});
const pageSchema = z.looseObject({ order: z.array(z.string()), posts: z.record(z.string(), postSchema) });

/** A channel of Mattermost, written to as a bot through REST API v4. */
export function openMattermost(settings: Settings, signal: AbortSignal): Destination {
  const { channel, templates } = settings;
  const call = mattermostApi(settings, signal);
  return {
    type: 'mattermost',
    target: channel,
    async post(message, { notificationId, threadId }) {
      const channelId = await resolveChannelId(call, channel);
      const write = (rootId: string) =>
        call('POST', '/posts', {
          answer: idSchema,
          body: {
            channel_id: channelId,
            root_id: rootId,
            message: renderMattermost(message, templates),
            props: { tars_notification: notificationId },
          },
        });
      const { id } = await write(threadId ?? '').catch((error: unknown) => {
        // Somebody has deleted the head of the thread: better a message of its own than none.
        if (threadId !== null && isOrphaned(error)) return write('');
        throw error;
      });
      return { messageId: id };
    },
    async edit(messageId, message) {
      await call('PUT', `/posts/${encodeURIComponent(messageId)}/patch`, {
        answer: idSchema,
        body: { message: renderMattermost(message, templates) },
      });
    },
    // The posts of a channel are its replies, too, so a thread needs no reading of its own.
    readPosts: () => readChannel(call, channel),
    identify: async () => (await call('GET', '/users/me', { answer: userSchema })).username,
  };
}

/** Posting needs the id; people know `team/channel`. */
async function resolveChannelId(call: MattermostCall, channel: string): Promise<string> {
  const [team, name] = channel.split('/');
  if (team === undefined || name === undefined) return channel;
  const path = `/teams/name/${encodeURIComponent(team)}/channels/name/${encodeURIComponent(name)}`;
  return (await call('GET', path, { answer: idSchema })).id;
}

async function* readChannel(call: MattermostCall, channel: string): AsyncGenerator<Post> {
  const channelId = await resolveChannelId(call, channel);
  const oldest = Date.now() - THREAD_WINDOW_MS;
  for (let page = 0; page < HISTORY_PAGES; page += 1) {
    const path = `/channels/${encodeURIComponent(channelId)}/posts?page=${page}&per_page=${HISTORY_PAGE_SIZE}`;
    const { order, posts } = await call('GET', path, { answer: pageSchema });
    for (const id of order) {
      const post = posts[id];
      if (!post) continue;
      if (post.create_at < oldest) return;
      yield {
        id: post.id,
        threadId: post.root_id === '' ? post.id : post.root_id,
        notificationId: post.props.tars_notification ?? null,
        content: { message: post.message, attachments: post.props.attachments },
      };
    }
    if (order.length < HISTORY_PAGE_SIZE) return;
  }
}
