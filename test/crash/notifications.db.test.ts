import { afterAll, beforeAll, expect } from 'vitest';
import { rowsOf, waitFor, waitForEnd } from '../runs.ts';
import { SLACK_TOKEN, type SlackServer, startSlackServer } from '../slack-server/start-slack-server.ts';
import { crashTest } from './crash-test.ts';

/** The queue frees a dead worker's jobs after its third missed beat (15 s), then the job's own pause. */
const TAKE_OVER_LIMIT_MS = 45_000;

let slack: SlackServer;
beforeAll(async () => {
  slack = await startSlackServer();
});
afterAll(async () => slack?.close());

// The address is known when the hooks have run; the configuration reads it from a getter then.
const config = {
  notifications: {
    slack: {
      channel: '#incidents',
      token: SLACK_TOKEN,
      get apiUrl() {
        return slack.apiUrl;
      },
    },
  },
};

crashTest(
  'killed while Slack is taking a message: the next worker finds it there and does not repeat it',
  { script: ['The answer.'], config },
  async (bed) => {
    slack.failNext({ method: 'chat.postMessage', as: 'no_answer' });
    const first = await bed.startWorker();
    const sessionId = await bed.post({ title: 'Told once' });
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    await waitFor(() => (slack.messages.length === 1 ? true : null), 'nothing was posted');
    await first.kill();
    await bed.startWorker();
    await waitFor(
      async () => {
        const [row] = await rowsOf(bed.database, 'select status, message_ts from notification');
        return row?.status === 'sent' && row.message_ts === slack.messages[0]?.ts ? true : null;
      },
      'the notification was not taken over',
      TAKE_OVER_LIMIT_MS,
    );
    expect(slack.messages).toHaveLength(1);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);
