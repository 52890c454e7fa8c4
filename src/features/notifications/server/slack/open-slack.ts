import { type FetchFunction, LogLevel, WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { MessageTemplates } from '#src/server/config/schema-notifications.ts';
import { DeliveryError } from '../destination/delivery-error.ts';
import type { Destination, Place, Post } from '../destination/destination.ts';
import { POST_TIMEOUT_MS } from '../tunables.ts';
import { classifySlackError } from './classify-slack-error.ts';
import { messageIdOf, readChannel, splitMessageId } from './read-channel.ts';
import { renderSlack } from './render-slack.ts';

type Settings = { channel: string; token: string; apiUrl: string; templates: MessageTemplates };

const postedSchema = z.looseObject({ ts: z.string(), channel: z.string() });
const identitySchema = z.looseObject({ team: z.string().catch(''), user: z.string().catch('') });

/** Addresses in foreign text stay text; our own link is written out. */
const AS_WRITTEN = { parse: 'none', link_names: false } as const;

/** A channel of Slack, written to as a bot. */
export function openSlack(settings: Settings, signal: AbortSignal): Destination {
  const { channel, templates } = settings;
  const client = openClient(settings, signal);
  return {
    type: 'slack',
    target: channel,
    post: (message, place) =>
      explained(async () => {
        const answer = await client.chat.postMessage({
          channel,
          text: renderSlack(message, templates),
          ...placeInThread(place, message.kind === 'approval'),
          ...AS_WRITTEN,
          unfurl_links: false,
          unfurl_media: false,
          metadata: {
            event_type: 'tars_notification',
            event_payload: { notification_id: place.notificationId },
          },
        });
        const posted = postedSchema.parse(answer);
        return { messageId: messageIdOf(posted.channel, posted.ts) };
      }),
    edit: (messageId, message) =>
      explained(async () => {
        const { channel: channelId, ts } = splitMessageId(messageId);
        const text = renderSlack(message, templates);
        await client.chat.update({ channel: channelId ?? channel, ts, text, ...AS_WRITTEN });
      }),
    readPosts: ({ threadId }) => readExplained(client, { channel, threadId: threadId && tsOf(threadId) }),
    identify: () =>
      explained(async () => {
        const { team, user } = identitySchema.parse(await client.auth.test());
        return `${user} in ${team}`;
      }),
  };
}

const tsOf = (id: string): string => splitMessageId(id).ts;

/** What waits for a person is shown in the channel too: a thread is easily overlooked. */
function placeInThread({ threadId }: Place, isRequest: boolean) {
  if (threadId === null) return {};
  const thread_ts = tsOf(threadId);
  return isRequest
    ? { thread_ts, reply_broadcast: true as const }
    : { thread_ts, reply_broadcast: false as const };
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new DeliveryError(classifySlackError(error), { cause: error });
  }
}

async function* readExplained(
  client: WebClient,
  options: { channel: string; threadId: string | null },
): AsyncGenerator<Post> {
  try {
    yield* readChannel(client, options);
  } catch (error) {
    throw new DeliveryError(classifySlackError(error), { cause: error });
  }
}

/**
 * A client that tries once, within its time: the queue repeats, which holds no worker meanwhile. `signal` ends whatever it
 * is doing. Its own log stays silent, since it would repeat what an error already says.
 */
const openClient = ({ token, apiUrl }: Settings, signal: AbortSignal): WebClient =>
  new WebClient(token, {
    slackApiUrl: apiUrl,
    timeout: POST_TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: silent,
    fetch: abortable(signal),
  });

const abortable =
  (signal: AbortSignal): FetchFunction =>
  (url, init = {}) =>
    fetch(url, {
      ...init,
      // The token goes to the configured host and nowhere else.
      redirect: 'error',
      signal: init.signal ? AbortSignal.any([init.signal, signal]) : signal,
    });

const nothing = () => undefined;
const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: () => LogLevel.ERROR,
};
