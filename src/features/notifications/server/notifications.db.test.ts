import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { decideApproval } from '#src/features/approvals/server/index.ts';
import { cancelSession } from '#src/features/sessions/server/index.ts';
import { newId } from '#src/server/ids.ts';
import { addJob } from '#src/server/jobs/define-job.ts';
import { useAgentRuns } from '#test/agent-runs.ts';
import { SLACK_TOKEN, type SlackServer, startSlackServer } from '#test/chat-servers/start-slack-server.ts';
import { rowsOf, waitFor } from '#test/runs.ts';
import { notificationStateSchema } from '../schema.ts';
import {
  dispatchNotificationJob,
  dispatchOrWarn,
  notifyApproval,
  notifyEnded,
  settleSpentDispatches,
  testDestinations,
} from './index.ts';
import { readNotificationState } from './read-state.ts';
import { testDestinationOnPage } from './test-destination.ts';

const runs = useAgentRuns();
let slack: SlackServer;

beforeAll(async () => {
  slack = await startSlackServer();
});
afterAll(async () => slack?.close());
beforeEach(async () => {
  slack.clear();
  await runs.database.pool.query('delete from notification');
  await runs.database.pool.query('delete from notification_destination');
  await runs.database.pool.query('delete from system_warning');
});

const slackConfig = (changes: object = {}) => ({
  notifications: {
    slack: { channel: '#incidents', token: SLACK_TOKEN, apiUrl: slack.apiUrl, ...changes },
  },
});
const PRICE = { pricePerMillion: { input: 1_000, output: 1_000 } };
const investigate = (alert: { fingerprint?: string; title?: string; data?: string }, changes: object = {}) =>
  runs.run({ script: ['The pod was out of memory.'], config: slackConfig(changes), alert });

type Row = { kind: string; status: string; error: string | null; attempts: number };
const notificationsOf = (sessionId: string) =>
  rowsOf<Row>(
    runs.database,
    'select kind, status, error, attempts from notification where session_id = $1 order by id',
    [sessionId],
  );
/** Nothing is left to dispatch or to send. */
const idle = () =>
  waitFor(async () => {
    const jobs = await rowsOf(
      runs.database,
      `select 1 from graphile_worker.jobs where task_identifier in ('dispatch-notification', 'send-notification')`,
    );
    return jobs.length === 0 ? true : null;
  }, 'notifications were left');
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

test('what it cost is told where costs are shown, and left out where they are not', async () => {
  for (const enabled of [true, false]) {
    const script = ['The pod was out of memory.'];
    const config = { costs: { enabled }, llmProviders: { main: runs.provider(PRICE) }, ...slackConfig() };
    const { sessionId } = await runs.run({ script, config, alert: { title: `Costs shown: ${enabled}` } });
    await settled(sessionId, 1);
    expect(slack.messages.at(-1)?.text).toContain(`Costs shown: ${enabled}`);
    expect(slack.messages.at(-1)?.text.includes('$')).toBe(enabled);
  }
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

test('a rate limit holds for all that is to be sent there, not for one message', async () => {
  slack.failNext({ method: 'chat.postMessage', as: 'rate_limit', seconds: 600 });
  const first = await investigate({ title: 'Refused for now' });
  const held = () =>
    rowsOf<{ held: boolean }>(
      runs.database,
      `select held_until > now() + interval '9 minutes' as held from notification_destination`,
    );
  await waitFor(async () => ((await held())[0]?.held ? true : null), 'the destination was not held');
  const second = await investigate({ title: 'Not even tried' });
  const job = await waitFor(async () => {
    const [row] = await rowsOf<{ late: boolean }>(
      runs.database,
      `select j.run_at > now() + interval '9 minutes' as late from graphile_worker.jobs j
       join notification n on j.key = 'send-notification:' || n.id where n.session_id = $1 and j.locked_at is null`,
      [second.sessionId],
    );
    return row?.late ? row : null;
  }, 'the second message was not put off');
  expect(job.late).toBe(true);
  expect(await notificationsOf(second.sessionId)).toMatchObject([{ status: 'pending', attempts: 0 }]);
  expect(slack.calls.filter((method) => method === 'chat.postMessage')).toHaveLength(1);
  await runs.database.pool.query('update notification_destination set held_until = now()');
  await runs.database.pool.query('update graphile_worker._private_jobs set run_at = now()');
  for (const { sessionId } of [first, second])
    expect(await settled(sessionId, 1)).toMatchObject([{ status: 'sent' }]);
});

test('a message that cannot even be prepared is a warning, for a day', async () => {
  const { sessionId } = await runs.run({ script: ['Done.'], alert: { title: 'Lost' } });
  await idle();
  const at = new Date().toISOString();
  const broken = { sessionId, kind: 'ended', ref: '', at } as const;
  const kernel = {
    ...runs.kernel,
    database: { ...runs.database, transaction: () => Promise.reject(new Error('disk full token=abc12345')) },
  };
  await expect(dispatchOrWarn(kernel, { ...broken, isLastAttempt: false })).rejects.toThrow('disk full');
  const warnings = () => rowsOf<{ message: string }>(runs.database, 'select message from system_warning');
  expect(await warnings()).toEqual([]);
  await dispatchOrWarn(kernel, { ...broken, isLastAttempt: true });
  expect(await warnings()).toEqual([
    { message: expect.stringMatching(`Nobody was told of session ${sessionId} \\(ended\\).*disk full`) },
  ]);
  await dispatchOrWarn(runs.kernel, { ...broken, isLastAttempt: false });
  expect(await warnings()).toHaveLength(1);
  await runs.database.pool.query(`update system_warning set created_at = now() - interval '25 hours'`);
  await dispatchOrWarn(runs.kernel, { ...broken, isLastAttempt: false });
  expect(await warnings()).toEqual([]);
});

test('one that has killed the workers of its last attempts, too, is a warning', async () => {
  const { sessionId } = await runs.run({ script: ['Done.'], alert: { title: 'Deadly' } });
  await idle();
  const { maxAttempts } = dispatchNotificationJob;
  const payload = { sessionId, kind: 'ended', ref: '', at: new Date().toISOString() } as const;
  const key = `dispatch-notification:${sessionId}:ended:`;
  // Nobody works on it before it is as a killed worker leaves it.
  await runs.database.transaction(async (sql) => {
    await addJob(sql, dispatchNotificationJob, payload, { key });
    await sql.query(
      'update graphile_worker._private_jobs set attempts = $2, max_attempts = $2 where key = $1',
      [key, maxAttempts + 1],
    );
  });
  await settleSpentDispatches(runs.kernel);
  await idle();
  expect(await rowsOf(runs.database, 'select message from system_warning')).toEqual([
    { message: expect.stringMatching(`Nobody was told of session ${sessionId} \\(ended\\).*killed`) },
  ]);
});

test.each([
  [['findings', 'healthy'], 'check nightly: recovered'],
  [['findings', 'unknown', 'healthy'], 'check nightly: recovered'],
  [['healthy', 'healthy'], 'check nightly: healthy, unchanged since 2026-11-20 08:00 UTC'],
  [['findings', 'findings'], 'check nightly: 1 finding, unchanged since 2026-11-20 08:00 UTC'],
  [['findings'], 'check nightly: 1 finding'],
])('the message of a check after %j says "%s"', async (outcomes, said) => {
  await runs.database.pool.query('delete from check_run');
  const { sessionId } = await runs.run({ script: ['Looked.'], alert: { title: 'Nightly' } });
  await idle();
  for (const [index, outcome] of outcomes.entries()) {
    const isLast = index === outcomes.length - 1;
    await runs.database.pool.query(
      `insert into check_run (id, project_id, name, due_at, trigger, status, notify, outcome, findings, session_id, ended_at, since)
       values ($1, $2, 'nightly', $3::timestamptz, 'schedule', 'ended', 'always', $4::"CheckOutcome", $5, $6, $3::timestamptz,
         case when $7 then '2026-11-20T08:00:00Z'::timestamptz else $3::timestamptz end)`,
      [
        newId(),
        runs.projectId,
        `2026-11-2${index}T08:00:00Z`,
        outcome,
        JSON.stringify(outcome === 'findings' ? [{ key: 'a', text: 'a' }] : []),
        isLast ? sessionId : null,
        outcomes[index - 1] === outcome,
      ],
    );
  }
  await runs.configure(slackConfig());
  await runs.database.transaction((sql) => notifyEnded(sql, { sessionId }));
  await settled(sessionId, 1);
  const text = JSON.stringify(slack.messages[0]);
  expect(text).toContain(said);
  if (!said.includes('unchanged')) expect(text).not.toContain('unchanged');
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

test('without a destination nothing is kept', async () => {
  const { sessionId } = await runs.run({ script: ['Done.'], alert: { fingerprint: 'fp-none' } });
  await idle();
  expect(await notificationsOf(sessionId)).toEqual([]);
  expect(slack.calls).toEqual([]);
});

test('what was to be sent to a destination that is gone is not kept either', async () => {
  const { sessionId } = await investigate({ title: 'Gone' });
  await settled(sessionId, 1);
  await runs.configure({});
  await runs.database.pool.query(
    `update notification set status = 'pending', created_at = now() - interval '3 minutes' where session_id = $1`,
    [sessionId],
  );
  await waitFor(
    async () => ((await notificationsOf(sessionId)).length === 0 ? true : null),
    'the row did not go',
  );
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
  await settled(sessionId, 6);
  expect(slack.messages).toHaveLength(4);
  expect(slack.messages.at(-1)).toMatchObject({
    thread_ts: root?.ts,
    text: expect.stringContaining('cancelled'),
  });
  for (const { text } of slack.messages.slice(1, 3)) {
    expect(text).toContain('Withdrawn: the run ended before anybody');
    expect(text).not.toContain('Decide in TARS');
  }
});

test('once it is decided the message says what, by whom, and asks no longer', async () => {
  const sessionId = await askForWrite('fp-decided');
  await settled(sessionId, 2);
  expect(slack.messages.at(-1)?.text).toContain('Decide in TARS');
  // The first attempt to edit it fails, and is repeated.
  slack.failNext({ method: 'chat.update', as: 'server_error', seconds: 1 });
  await deny(sessionId);
  await settled(sessionId, 4);
  expect(slack.messages).toHaveLength(3);
  expect(slack.messages[1]?.text).toContain('⛔ *Denied by anna:*');
  expect(slack.messages[1]?.text).toContain('Not on a Friday.');
  expect(slack.messages[1]?.text).not.toContain('Decide in TARS');
});

test('where messages may not be edited the decision stands below', async () => {
  const sessionId = await askForWrite('fp-uneditable');
  await settled(sessionId, 2);
  slack.failNext({ method: 'chat.update', as: 'refusal', error: 'cant_update_message' });
  await deny(sessionId);
  await settled(sessionId, 4);
  expect(slack.messages).toHaveLength(4);
  const [root, request, decision] = slack.messages;
  expect(request?.text).toContain('Decide in TARS');
  expect(decision).toMatchObject({
    thread_ts: root?.ts,
    text: expect.stringContaining('⛔ *Denied by anna:*'),
  });
});

test('a request that had arrived unseen is edited like any other', async () => {
  // Its answer is lost, and it is decided before the next attempt.
  slack.failNext(
    { method: 'chat.postMessage', as: 'server_error', seconds: 0 },
    { method: 'chat.postMessage', as: 'lost_answer' },
  );
  const sessionId = await askForWrite();
  await waitFor(() => (slack.messages.length === 1 ? true : null), 'nothing was posted');
  await deny(sessionId);
  await settled(sessionId, 3);
  expect(slack.messages).toHaveLength(2);
  expect(slack.messages[0]?.text).toContain('⛔ *Denied by anna:*');
});

test('a decision that was taken meanwhile is not asked for any more', async () => {
  const { sessionId } = await investigate({ title: 'Decided' });
  await settled(sessionId, 1);
  const approvalId = await insertApproval(sessionId, 'approved');
  await runs.database.transaction((sql) => notifyApproval(sql, { sessionId, approvalId }));
  await idle();
  expect(await notificationsOf(sessionId)).toHaveLength(1);
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
  const attempt = async (changes: object) => {
    await runs.kernel.setConfig(slackConfig(changes));
    const config = runs.kernel.config.current();
    return (await testDestinations(config, { name: 'slack', publicUrl: 'https://tars.example' }))[0];
  };
  expect(await attempt({})).toEqual({
    destination: 'slack',
    type: 'slack',
    target: '#incidents',
    problem: null,
    identity: 'tars in Acme',
    threadsProblem: null,
  });
  expect(slack.messages.map(({ text }) => text)).toEqual(['👋 TARS at https://tars.example can post here.']);
  slack.failNext({ method: 'conversations.list', as: 'refusal', error: 'missing_scope' });
  expect((await attempt({}))?.threadsProblem).toContain('missing_scope');
  const gone = await startSlackServer();
  await gone.close();
  const problems: [object, string][] = [
    [{ channel: '#nowhere' }, 'no such channel'],
    [{ token: 'xoxb-wrong' }, 'the token is not valid'],
    [{ token: '' }, 'It has no token: set notifications.slack.token.'],
    [{ enabled: false }, 'It is switched off: notifications.slack.enabled is false.'],
    [{ apiUrl: gone.apiUrl }, 'Slack cannot be reached: ECONNREFUSED'],
  ];
  for (const [changes, problem] of problems) expect((await attempt(changes))?.problem).toContain(problem);
});

test('the system page tells what became of the newest messages', async () => {
  const { sessionId } = await investigate({ title: 'On the page' });
  await settled(sessionId, 1);
  const state = await readNotificationState(runs.kernel, { projectId: runs.projectId });
  expect(notificationStateSchema.parse(state)).toMatchObject({
    destinations: [
      {
        name: 'slack',
        type: 'slack',
        target: '#incidents',
        state: 'on',
        lastSentAt: expect.any(String),
        lastError: null,
      },
    ],
    counts: { waiting: 0, sent: 1, failed: 0 },
    recent: [
      {
        sessionId,
        title: 'On the page',
        destination: 'slack',
        kind: 'ended',
        status: 'sent',
        attempts: 1,
        error: null,
      },
    ],
  });
  slack.failNext({ method: 'chat.postMessage', as: 'refusal', error: 'is_archived' });
  const tried = await testDestinationOnPage(runs.kernel, { name: 'slack' });
  expect(tried.problem).toBe('Slack answered is_archived: the channel is archived');
  const after = await readNotificationState(runs.kernel, { projectId: runs.projectId });
  expect(after.destinations[0]).toMatchObject({ lastError: tried.problem, lastSentAt: expect.any(String) });
});

/** A run that waits for somebody to allow a call. */
const askForWrite = (fingerprint?: string) =>
  runs.start({
    script: [
      { toolCalls: [{ id: 'w', name: 'box__write', arguments: { path: '/tmp/tars-never', text: 'x' } }] },
      'It was not needed.',
    ],
    config: slackConfig(),
    alert: { title: 'Needs a hand', ...(fingerprint === undefined ? {} : { fingerprint }) },
  });

async function deny(sessionId: string): Promise<void> {
  const [approval] = await rowsOf<{ id: string }>(
    runs.database,
    'select id from approval where session_id = $1',
    [sessionId],
  );
  await decideApproval(runs.kernel, {
    projectId: runs.projectId,
    approvalId: approval?.id ?? '',
    actor: 'anna',
    decision: 'deny',
    reason: 'Not on a Friday.',
    scope: 'once',
  });
}

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
