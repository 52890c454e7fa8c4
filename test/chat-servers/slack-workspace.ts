export const SLACK_CHANNEL = { id: 'C0INCIDENTS', name: 'incidents' };

export type PostedMessage = {
  ts: string;
  channel: string;
  text: string;
  thread_ts?: string;
  reply_broadcast?: string;
  parse?: string;
  unfurl_links?: string;
  metadata?: unknown;
  attachments?: unknown;
  blocks?: unknown;
};

export type Workspace = { messages: PostedMessage[]; clock: number };

type Answer = { ok: boolean } & Record<string, unknown>;

/** What Slack would answer; only what TARS uses of the API is there. */
export function answerMethod(workspace: Workspace, method: string, body: URLSearchParams): Answer {
  switch (method) {
    case 'auth.test':
      return { ok: true, team: 'Acme', user: 'tars', bot_id: 'B1' };
    case 'conversations.list':
      return { ok: true, channels: [{ id: 'C0GENERAL', name: 'general' }, SLACK_CHANNEL] };
    case 'chat.postMessage':
      return postMessage(workspace, body);
    case 'chat.update':
      return updateMessage(workspace, body);
    case 'conversations.history':
      return readHistory(workspace, body);
    case 'conversations.replies':
      return readReplies(workspace, body);
    default:
      return { ok: false, error: 'unknown_method' };
  }
}

const isChannel = (name: string | null) =>
  name === SLACK_CHANNEL.id || name === SLACK_CHANNEL.name || name === `#${SLACK_CHANNEL.name}`;

function postMessage(workspace: Workspace, body: URLSearchParams): Answer {
  if (!isChannel(body.get('channel'))) return { ok: false, error: 'channel_not_found' };
  const given = Object.fromEntries(body);
  const ts = `${++workspace.clock}.000200`;
  const message: PostedMessage = {
    ...given,
    ts,
    channel: SLACK_CHANNEL.id,
    text: given.text ?? '',
    ...(given.metadata ? { metadata: JSON.parse(given.metadata) } : {}),
  };
  workspace.messages.push(message);
  return { ok: true, ts, channel: SLACK_CHANNEL.id, message };
}

/** By id of the channel only, unlike posting. */
function updateMessage(workspace: Workspace, body: URLSearchParams): Answer {
  if (body.get('channel') !== SLACK_CHANNEL.id) return { ok: false, error: 'channel_not_found' };
  const message = workspace.messages.find(({ ts }) => ts === body.get('ts'));
  if (!message) return { ok: false, error: 'message_not_found' };
  message.text = body.get('text') ?? '';
  return { ok: true, ts: message.ts, channel: SLACK_CHANNEL.id, text: message.text };
}

/** Like Slack's: newest first, by id of the channel only, without replies, in pages. */
function readHistory(workspace: Workspace, body: URLSearchParams): Answer {
  if (body.get('channel') !== SLACK_CHANNEL.id) return { ok: false, error: 'channel_not_found' };
  const top = workspace.messages.filter(({ thread_ts, ts }) => !thread_ts || thread_ts === ts);
  return pageOf(top.toReversed(), body);
}

function readReplies(workspace: Workspace, body: URLSearchParams): Answer {
  if (body.get('channel') !== SLACK_CHANNEL.id) return { ok: false, error: 'channel_not_found' };
  const ts = body.get('ts');
  return pageOf(
    workspace.messages.filter((message) => message.ts === ts || message.thread_ts === ts),
    body,
  );
}

function pageOf(messages: readonly PostedMessage[], body: URLSearchParams): Answer {
  const oldest = Number(body.get('oldest') ?? 0);
  const recent = messages.filter((message) => Number(message.ts) >= oldest);
  const start = Number(body.get('cursor') ?? 0);
  const end = start + Number(body.get('limit') ?? 100);
  const next = end < recent.length ? String(end) : '';
  return { ok: true, messages: recent.slice(start, end), response_metadata: { next_cursor: next } };
}
