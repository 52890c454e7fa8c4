import { answerMethod, type PostedMessage, SLACK_CHANNEL, type Workspace } from './slack-workspace.ts';
import { type FaultyServer, startFaultyServer } from './start-faulty-server.ts';

export type SlackServer = FaultyServer & {
  /** For `notifications.slack.apiUrl`. */
  readonly apiUrl: string;
  /** Every message of the channel, oldest first, replies too. */
  readonly messages: readonly PostedMessage[];
  /** Adds a message that somebody else has posted; returns its `ts`. */
  say(message: Partial<PostedMessage>): string;
};

/** The token that the server takes. */
export const SLACK_TOKEN = 'xoxb-1234567890-of-the-tests';

/**
 * A Slack workspace with one channel that speaks the Web API over HTTP: form bodies, JSON answers with `ok`, cursors, rate
 * limits, refusals, and answers that never arrive.
 */
export async function startSlackServer(): Promise<SlackServer> {
  const workspace: Workspace = { messages: [], clock: Math.floor(Date.now() / 1_000) };
  const refuse = (error: string) => ({ status: 200, body: { ok: false, error } });
  const server = await startFaultyServer({
    nameOf: ({ path }) => path.replace('/api/', ''),
    refuse,
    answer: ({ path, headers, body }) =>
      headers.authorization === `Bearer ${SLACK_TOKEN}`
        ? { status: 200, body: answerMethod(workspace, path.replace('/api/', ''), new URLSearchParams(body)) }
        : refuse('invalid_auth'),
  });
  return {
    ...server,
    apiUrl: `${server.url}/api`,
    messages: workspace.messages,
    say(message) {
      const ts = `${++workspace.clock}.000100`;
      workspace.messages.push({ ts, channel: SLACK_CHANNEL.id, text: '', ...message });
      return ts;
    },
    clear() {
      workspace.messages.length = 0;
      server.clear();
    },
  };
}
