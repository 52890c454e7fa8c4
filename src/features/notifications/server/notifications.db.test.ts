import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { cancelSession } from '#src/features/sessions/server/index.ts';
import { newId } from '#src/server/ids.ts';
import { useAgentRuns } from '#test/agent-runs.ts';
import { rowsOf, waitFor } from '#test/runs.ts';
import { SLACK_TOKEN, type SlackServer, startSlackServer } from '#test/slack-server/start-slack-server.ts';
import { notificationStateSchema } from '../schema.ts';
import { notifyApproval, testSlack } from './index.ts';
import { readNotificationState } from './read-state.ts';

const runs = useAgentRuns();
let slack: SlackServer;

beforeAll(async () => {
  slack = await startSlackServer();
});
afterAll(async () => slack?.close());
beforeEach(async () => {
  slack.clear();
  await runs.database.pool.query('delete from notification');
  await runs.database.pool.query('delete from system_warning');
});

const slackConfig = (changes: object = {}) => ({
  notifications: {
    slack: { channel: '#incidents', token: SLACK_TOKEN, apiUrl: slack.apiUrl, ...changes },
  },
});
const investigate = (alert: { fingerprint?: string; title?: string; data?: string }, changes: object = {}) =>
  runs.run({ script: ['The pod was out of memory.'], config: slackConfig(changes), alert });

type Row = { kind: string; status: string; error: string | null; attempts: number };
const notificationsOf = (sessionId: string) =>
  rowsOf<Row>(
    runs.database,
    'select kind, status, error, attempts from notification where session_id = $1 order by id',
    [sessionId],
  );
const settled = (sessionId: string, count: number) =>
  waitFor(async () => {
    const rows = await notificationsOf(sessionId);
    return rows.length === count && rows.every(({ status }) => status === 'sent' || status === 'failed')
      ? rows
      : null;
  }, 'notifications did not settle');

test('a fingerprint makes a thread: started opens it, ended answers in it', async () => {
  const { sessionId } = await investigate({ fingerprint: 'fp-threads', title: 'Checkout down' });
  await settled(sessionId, 2);
  expect(slack.messages).toHaveLength(2);
  const [started, ended] = slack.messages;
  expect(started?.text).toContain('*Investigating:* Checkout down');
  expect(started?.thread_ts).toBeUndefined();
  expect(ended?.thread_ts).toBe(started?.ts);
  expect(ended?.text).toContain('The pod was out of memory.');
  expect(ended?.text).toContain(`<${runs.kernel.env.publicUrl}/sessions/${sessionId}|`);
  expect(ended).toMatchObject({ parse: 'none', unfurl_links: 'false' });
});

test('without a fingerprint there is one message, outside of any thread', async () => {
  const { sessionId } = await investigate({ title: 'Lone alert' });
  await settled(sessionId, 1);
  expect(slack.messages.map(({ thread_ts }) => thread_ts)).toEqual([undefined]);
});

test("the next session of the same problem answers in the problem's thread", async () => {
  const first = await investigate({ fingerprint: 'fp-repeat' });
  await settled(first.sessionId, 2);
  await runs.database.pool.query(`update alert set status = 'resolved' where fingerprint = 'fp-repeat'`);
  const second = await investigate({ fingerprint: 'fp-repeat' });
  await settled(second.sessionId, 2);
  const [root, ...answers] = slack.messages;
  expect(answers.map(({ thread_ts }) => thread_ts)).toEqual([root?.ts, root?.ts, root?.ts]);
});

test('a message of Alertmanager that names the fingerprint is the head of the thread', async () => {
  const head = slack.say({
    attachments: [{ fallback: 'x', fields: [{ title: 'fp', value: 'Key: FP-Am-1' }] }],
  });
  for (let n = 0; n < 250; n += 1) slack.say({ text: `chatter ${n}, fp-am-11` });
  const { sessionId } = await investigate({ fingerprint: 'fp-am-1' });
  await settled(sessionId, 2);
  expect(slack.messages.slice(-2).map(({ thread_ts }) => thread_ts)).toEqual([head, head]);
  expect(slack.calls.filter((method) => method === 'conversations.history')).toHaveLength(2);
});

test('a channel that cannot be read keeps no message back', async () => {
  slack.failNext({ method: 'conversations.list', as: 'refusal', error: 'missing_scope' });
  const { sessionId } = await investigate({ fingerprint: 'fp-unreadable' });
  expect(await settled(sessionId, 2)).toMatchObject([{ status: 'sent' }, { status: 'sent' }]);
});

test('a message whose answer was lost is not posted twice', async () => {
  slack.failNext({ method: 'chat.postMessage', as: 'lost_answer' });
  const { sessionId } = await investigate({ title: 'Lost answer' });
  expect(await settled(sessionId, 1)).toMatchObject([{ status: 'sent', attempts: 2 }]);
  expect(slack.messages).toHaveLength(1);
});

test('an outage and a rate limit are waited out, and the order is kept', async () => {
  slack.failNext(
    { method: 'chat.postMessage', as: 'server_error' },
    { method: 'chat.postMessage', as: 'rate_limit', seconds: 1 },
  );
  const { sessionId, status } = await investigate({ fingerprint: 'fp-outage' });
  expect(status).toBe('completed');
  const rows = await settled(sessionId, 2);
  expect(rows.map((row) => row.status)).toEqual(['sent', 'sent']);
  expect(slack.messages.map(({ text }) => text.includes('Investigating'))).toEqual([true, false]);
});

test('a refusal is final, visible, and over with the next message that arrives', async () => {
  const refused = await investigate({ title: 'Refused' }, { channel: '#nowhere' });
  expect(refused.status).toBe('completed');
  expect(await settled(refused.sessionId, 1)).toMatchObject([
    { status: 'failed', attempts: 1, error: expect.stringContaining('channel_not_found') },
  ]);
  const warnings = () => rowsOf<{ message: string }>(runs.database, 'select message from system_warning');
  expect(await warnings()).toMatchObject([{ message: expect.stringContaining('channel_not_found') }]);
  const next = await investigate({ title: 'Next' });
  await settled(next.sessionId, 1);
  expect(await warnings()).toEqual([]);
});

test('without a configured Slack nothing is kept', async () => {
  const { sessionId } = await runs.run({ script: ['Done.'], alert: { fingerprint: 'fp-none' } });
  await waitFor(
    async () => ((await notificationsOf(sessionId)).length === 0 ? true : null),
    'the rows did not go',
  );
  expect(slack.calls).toEqual([]);
});

test('a call that waits for a person is told in the thread and in the channel', async () => {
  const sessionId = await runs.start({
    script: [
      {
        toolCalls: [
          {
            id: 'w',
            name: 'box__write',
            arguments: { path: '/tmp/tars-never', text: 'password=hunter2-in-a-call' },
          },
          {
            id: 'q',
            name: 'tars__ask_person',
            arguments: { question: 'Is it a drill?', options: ['yes', 'no'] },
          },
        ],
      },
      'It was a drill.',
    ],
    config: slackConfig(),
    alert: { fingerprint: 'fp-approval', title: 'Needs a hand' },
  });
  await settled(sessionId, 3);
  const [root, ...asked] = slack.messages;
  expect(asked).toMatchObject([
    { thread_ts: root?.ts, reply_broadcast: 'true' },
    { thread_ts: root?.ts, reply_broadcast: 'true' },
  ]);
  const text = asked.map((message) => message.text).join('\n');
  expect(text).toContain('*Approval needed:* Needs a hand\n`box.write`');
  expect(text).toContain('MASKED_');
  expect(text).not.toContain('hunter2');
  expect(text).toContain('*A question for you:* Needs a hand\n\nIs it a drill?\n• yes\n• no');
  await cancelSession(runs.kernel, { projectId: runs.projectId, sessionId, actor: 'anna' });
  await settled(sessionId, 4);
  expect(slack.messages.at(-1)).toMatchObject({
    thread_ts: root?.ts,
    text: expect.stringContaining('cancelled'),
  });
});

test('a decision that was taken meanwhile is not asked for any more', async () => {
  const { sessionId } = await investigate({ title: 'Decided' });
  await settled(sessionId, 1);
  const approvalId = await insertApproval(sessionId, 'approved');
  await runs.database.transaction((sql) => notifyApproval(sql, { sessionId, approvalId }));
  await settled(sessionId, 1);
  expect(slack.messages).toHaveLength(1);
});

test('a session that somebody cancels is told too', async () => {
  const script = [{ steps: [{ type: 'block' as const, gate: 'cancelled' }] }];
  const run = runs.run({ script, config: slackConfig(), alert: { title: 'Stopped' } });
  await runs.model.waitForBlocked('cancelled', 15_000);
  const [session] = await rowsOf<{ id: string }>(
    runs.database,
    `select id from session where status = 'running'`,
  );
  const sessionId = session?.id ?? '';
  await cancelSession(runs.kernel, { projectId: runs.projectId, sessionId, actor: 'anna' });
  await run;
  await settled(sessionId, 1);
  expect(slack.messages.map(({ text }) => text)).toEqual([
    expect.stringContaining('🚫 *Stopped:* cancelled (cancelled by anna)'),
  ]);
});

test('a message that lost its job with a worker is found by its row', async () => {
  const { sessionId } = await investigate({ title: 'Stranded' });
  await settled(sessionId, 1);
  await runs.database.pool.query(
    `update notification set status = 'sending', created_at = now() - interval '3 minutes' where session_id = $1`,
    [sessionId],
  );
  await settled(sessionId, 1);
  // It had been posted: it is recognised, not repeated.
  expect(slack.messages).toHaveLength(1);
});

test('one that is hours old is given up instead of being sent into the next day', async () => {
  const { sessionId } = await investigate({ title: 'Old' });
  await settled(sessionId, 1);
  slack.failNext({ method: 'chat.postMessage', as: 'server_error' });
  await runs.database.pool.query(
    `update notification set status = 'pending', created_at = now() - interval '7 hours' where session_id = $1`,
    [sessionId],
  );
  expect(await settled(sessionId, 1)).toMatchObject([
    { status: 'failed', error: expect.stringContaining('too old to be sent any more') },
  ]);
});

test('the test message tells what works and what does not', async () => {
  const load = async (changes: object) => {
    await runs.kernel.setConfig(slackConfig(changes));
    return testSlack(runs.kernel.config.current(), { publicUrl: 'https://tars.example' });
  };
  expect(await load({})).toEqual({ channel: '#incidents', team: 'Acme', bot: 'tars', threadsProblem: null });
  expect(slack.messages.map(({ text }) => text)).toEqual(['👋 TARS at https://tars.example can post here.']);
  slack.failNext({ method: 'conversations.list', as: 'refusal', error: 'missing_scope' });
  expect((await load({})).threadsProblem).toContain('missing_scope');
  await expect(load({ channel: '#nowhere' })).rejects.toThrow('no such channel');
  await expect(load({ token: 'xoxb-wrong' })).rejects.toThrow('the token is not valid');
  await expect(load({ token: '' })).rejects.toThrow('Slack has no token');
  const gone = await startSlackServer();
  await gone.close();
  await expect(load({ apiUrl: gone.apiUrl })).rejects.toThrow('Slack cannot be reached: ECONNREFUSED');
});

test('the system page tells what became of the newest messages', async () => {
  const { sessionId } = await investigate({ title: 'On the page' });
  await settled(sessionId, 1);
  const state = await readNotificationState(runs.kernel, { projectId: runs.projectId });
  expect(notificationStateSchema.parse(state)).toMatchObject({
    slack: 'on',
    channel: '#incidents',
    counts: { waiting: 0, sent: 1, failed: 0 },
    recent: [{ sessionId, title: 'On the page', kind: 'ended', status: 'sent', attempts: 1, error: null }],
  });
});

/** An approval as the run writes it, on a call of its own. */
async function insertApproval(sessionId: string, status = 'pending'): Promise<string> {
  const { pool } = runs.database;
  const [approvalId, callId] = [newId(), newId()];
  await pool.query(
    `insert into tool_call (id, session_id, execution_id, iteration, index, call_id, wire_name, server, tool, arguments, read_only, status)
     select $1, session_id, id, 9, 0, 'c9', 'cluster__pods_delete', 'cluster', 'pods_delete', '{}', false, 'waiting'
     from execution where session_id = $2 limit 1`,
    [callId, sessionId],
  );
  await pool.query(
    `insert into approval (id, project_id, session_id, execution_id, tool_call_id, item_id, server, tool, arguments, why, expires_at, status)
     select $1, $2, session_id, execution_id, id, $1, server, tool, '{"name":"checkout-1"}', 'It changes something.',
       now() + interval '1 hour', $4::"ApprovalStatus" from tool_call where id = $3`,
    [approvalId, runs.projectId, callId, status],
  );
  return approvalId;
}
