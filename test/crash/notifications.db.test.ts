import { afterAll, beforeAll, expect } from 'vitest';
import {
  MATTERMOST_TOKEN,
  type MattermostServer,
  startMattermostServer,
} from '../chat-servers/start-mattermost-server.ts';
import { SLACK_TOKEN, type SlackServer, startSlackServer } from '../chat-servers/start-slack-server.ts';
import { rowsOf, waitFor, waitForEnd } from '../runs.ts';
import { crashTest } from './crash-test.ts';
import { holdStatement } from './hold-statement.ts';

/** The queue frees a dead worker's jobs after its third missed beat (15 s), then the job's own pause. */
const TAKE_OVER_LIMIT_MS = 45_000;

// The cases run side by side and count what was posted: each has a workspace of its own.
let slack: SlackServer;
let slackOfLate: SlackServer;
let mattermost: MattermostServer;
beforeAll(async () => {
  [slack, slackOfLate, mattermost] = await Promise.all([
    startSlackServer(),
    startSlackServer(),
    startMattermostServer(),
  ]);
});
afterAll(async () => {
  await Promise.all([slack?.close(), slackOfLate?.close(), mattermost?.close()]);
});

// The addresses are known when the hooks have run; the configuration reads them from getters then.
const slackConfig = (server: () => SlackServer) => ({
  channel: '#incidents',
  token: SLACK_TOKEN,
  get apiUrl() {
    return server().apiUrl;
  },
});
const config = {
  notifications: {
    slack: slackConfig(() => slack),
    destinations: {
      chat: {
        type: 'mattermost',
        channel: 'acme/incidents',
        token: MATTERMOST_TOKEN,
        get url() {
          return mattermost.url;
        },
      },
    },
  },
};

crashTest(
  'killed while a message is being taken: the next worker finds it there and does not repeat it',
  { script: ['The answer.'], config },
  async (bed) => {
    slack.failNext({ method: 'chat.postMessage', as: 'no_answer' });
    mattermost.failNext({ method: 'POST /posts', as: 'no_answer' });
    const first = await bed.startWorker();
    const sessionId = await bed.post({ title: 'Told once' });
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    await waitFor(
      () => (slack.messages.length === 1 && mattermost.posts.length === 1 ? true : null),
      'nothing was posted',
    );
    await first.kill();
    await bed.startWorker();
    const rows = await waitFor(
      async () => {
        const found = await rowsOf<{ destination: string; status: string; message_id: string }>(
          bed.database,
          'select destination, status, message_id from notification order by destination',
        );
        return found.every(({ status }) => status === 'sent') ? found : null;
      },
      'the notifications were not taken over',
      TAKE_OVER_LIMIT_MS,
    );
    expect(rows).toEqual([
      { destination: 'chat', status: 'sent', message_id: mattermost.posts[0]?.id },
      { destination: 'slack', status: 'sent', message_id: `C0INCIDENTS/${slack.messages[0]?.ts}` },
    ]);
    expect([slack.messages.length, mattermost.posts.length]).toEqual([1, 1]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'killed in the last attempt to find out whom to tell: they are told all the same',
  { script: ['The answer.'], config: { notifications: { slack: slackConfig(() => slackOfLate) } } },
  async (bed) => {
    const hold = await holdStatement(bed.database, {
      table: 'notification',
      event: 'insert',
      when: "new.kind = 'ended'",
    });
    const first = await bed.startWorker();
    const sessionId = await bed.post({ title: 'Told late' });
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    await hold.reached();
    await bed.database.pool.query(
      `update graphile_worker._private_jobs set attempts = max_attempts where key like 'dispatch-notification:%'`,
    );
    await first.kill();
    await hold.release();
    await bed.startWorker();
    await waitFor(
      async () => {
        const sent = await rowsOf(
          bed.database,
          `select 1 from notification where session_id = $1 and kind = 'ended' and status = 'sent'`,
          [sessionId],
        );
        return sent[0];
      },
      'nobody was told',
      TAKE_OVER_LIMIT_MS,
    );
    expect(slackOfLate.messages.length).toBe(1);
    expect(await rowsOf(bed.database, `select 1 from system_warning`)).toEqual([]);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);
