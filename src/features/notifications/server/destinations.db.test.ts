import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { decideApproval } from '#src/features/approvals/server/index.ts';
import { cancelSession } from '#src/features/sessions/server/index.ts';
import { useAgentRuns } from '#test/agent-runs.ts';
import { type HookServer, startHookServer } from '#test/chat-servers/start-hook-server.ts';
import {
  MATTERMOST_TOKEN,
  type MattermostServer,
  startMattermostServer,
} from '#test/chat-servers/start-mattermost-server.ts';
import { SLACK_TOKEN, type SlackServer, startSlackServer } from '#test/chat-servers/start-slack-server.ts';
import { rowsOf, waitFor } from '#test/runs.ts';
import { testDestinations } from './index.ts';
import { readNotificationState } from './read-state.ts';
import { webhookEventSchema } from './webhook/webhook-event.ts';

const SECRET = 'secret-of-the-receiver';
const runs = useAgentRuns();
let slack: SlackServer;
let mattermost: MattermostServer;
let teams: HookServer;
let hook: HookServer;

beforeAll(async () => {
  [slack, mattermost, teams, hook] = await Promise.all([
    startSlackServer(),
    startMattermostServer(),
    startHookServer(),
    startHookServer(),
  ]);
});
afterAll(async () => {
  await Promise.all([slack, mattermost, teams, hook].map((server) => server?.close()));
});
beforeEach(async () => {
  for (const server of [slack, mattermost, teams, hook]) server.clear();
  for (const table of ['notification', 'notification_destination', 'system_warning'])
    await runs.database.pool.query(`delete from ${table}`);
});

type Settings = Record<string, unknown>;
const chat = (changes: Settings = {}) => ({
  type: 'mattermost',
  url: mattermost.url,
  token: MATTERMOST_TOKEN,
  channel: 'acme/incidents',
  ...changes,
});
const cards = (changes: Settings = {}) => ({ type: 'teams', url: `${teams.url}/flow?sig=key`, ...changes });
const receiver = (changes: Settings = {}) => ({
  type: 'webhook',
  url: `${hook.url}/tars`,
  secret: SECRET,
  ...changes,
});
const told = (destinations: Record<string, Settings>) => ({ notifications: { destinations } });

const investigate = (
  destinations: Record<string, Settings>,
  alert: { fingerprint?: string; title?: string } = {},
) => runs.run({ script: ['The pod was out of memory.'], config: told(destinations), alert });

const askForWrite = (destinations: Record<string, Settings>) =>
  runs.start({
    script: [
      { toolCalls: [{ id: 'w', name: 'box__write', arguments: { path: '/tmp/tars-never', text: 'x' } }] },
      'It was not needed.',
    ],
    config: told(destinations),
    alert: { title: 'Needs a hand', fingerprint: `fp-${Object.keys(destinations).join('-')}` },
  });

type Row = { destination: string; kind: string; status: string; error: string | null; attempts: number };
const rowsFor = (sessionId: string) =>
  rowsOf<Row>(
    runs.database,
    'select destination, kind, status, error, attempts from notification where session_id = $1 order by id',
    [sessionId],
  );
const settled = (sessionId: string, count: number) =>
  waitFor(async () => {
    const rows = await rowsFor(sessionId);
    return rows.length === count && rows.every(({ status }) => status === 'sent' || status === 'failed')
      ? rows
      : null;
  }, 'notifications did not settle');

const events = () => hook.deliveries.map(({ body }) => webhookEventSchema.parse(body));

async function decide(sessionId: string): Promise<void> {
  const [approval] = await rowsOf<{ id: string }>(
    runs.database,
    `select id from approval where session_id = $1 and status = 'pending'`,
    [sessionId],
  );
  await decideApproval(runs.kernel, {
    projectId: runs.projectId,
    approvalId: approval?.id ?? '',
    actor: 'anna',
    decision: 'deny',
    scope: 'once',
  });
}

test('several destinations are told, each in its own way', async () => {
  const { sessionId } = await runs.run({
    script: ['The pod was **out of memory**.'],
    config: {
      notifications: {
        slack: { channel: '#incidents', token: SLACK_TOKEN, apiUrl: slack.apiUrl },
        destinations: { chat: chat(), cards: cards(), hook: receiver() },
      },
    },
    alert: { fingerprint: 'fp-several', title: 'Checkout down' },
  });
  await settled(sessionId, 8);
  expect(slack.messages.map(({ text }) => text.split('\n')[0])).toEqual([
    '🔎 *Investigating:* Checkout down',
    '✅ *Checkout down:* completed',
  ]);
  const [started, ended] = mattermost.posts;
  expect(started).toMatchObject({
    root_id: '',
    message: expect.stringContaining('**Investigating:** Checkout down'),
  });
  expect(ended).toMatchObject({
    root_id: started?.id,
    message: expect.stringContaining('**out of memory**'),
  });
  expect(teams.deliveries.map(({ body }) => body)).toMatchObject([{ type: 'message' }, { type: 'message' }]);
  expect(events().map(({ event }) => event)).toEqual(['started', 'ended']);
  expect(events()[1]?.session).toMatchObject({
    id: sessionId,
    status: 'completed',
    fingerprint: 'fp-several',
  });
});

test("Mattermost's threads: below the monitoring's own message, and the next session's too", async () => {
  const head = mattermost.say({ message: 'x', props: { attachments: [{ fields: [{ value: 'FP-Am-2' }] }] } });
  for (let n = 0; n < 230; n += 1) mattermost.say({ message: `chatter ${n}, fp-am-22` });
  const first = await investigate({ chat: chat() }, { fingerprint: 'fp-am-2' });
  await settled(first.sessionId, 2);
  await runs.database.pool.query(`update alert set status = 'resolved' where fingerprint = 'fp-am-2'`);
  const second = await investigate({ chat: chat({ channel: 'c'.repeat(26) }) }, { fingerprint: 'fp-am-2' });
  await settled(second.sessionId, 2);
  expect(mattermost.posts.slice(-4).map(({ root_id }) => root_id)).toEqual([head, head, head, head]);
});

test('a thread whose head was deleted takes no message with it', async () => {
  const first = await investigate({ chat: chat() }, { fingerprint: 'fp-deleted' });
  await settled(first.sessionId, 2);
  mattermost.posts.length = 0;
  await runs.database.pool.query(`update alert set status = 'resolved' where fingerprint = 'fp-deleted'`);
  const second = await investigate({ chat: chat() }, { fingerprint: 'fp-deleted' });
  await settled(second.sessionId, 2);
  expect(mattermost.posts.map(({ root_id }) => root_id)).toEqual(['', '']);
});

test('Mattermost is asked whether a message whose answer was lost had come through', async () => {
  mattermost.failNext({ method: 'POST /posts', as: 'lost_answer' });
  const { sessionId } = await investigate({ chat: chat() });
  expect(await settled(sessionId, 1)).toMatchObject([{ status: 'sent', attempts: 2 }]);
  expect(mattermost.posts).toHaveLength(1);
});

test('a webhook recognises a repeat by its key, and its sender by the signature', async () => {
  hook.failNext({ method: 'POST', as: 'lost_answer' });
  const { sessionId } = await investigate({ hook: receiver({ headers: { 'x-team': 'ops' } }) });
  expect(await settled(sessionId, 1)).toMatchObject([{ status: 'sent', attempts: 2 }]);
  expect(hook.deliveries).toHaveLength(2);
  for (const { headers, text, body } of hook.deliveries) {
    const { id } = webhookEventSchema.parse(body);
    expect(headers['idempotency-key']).toBe(id);
    const signed = `${id}.${headers['webhook-timestamp']}.${text}`;
    const code = createHmac('sha256', SECRET).update(signed).digest('base64');
    expect(headers).toMatchObject({ 'webhook-id': id, 'webhook-signature': `v1,${code}`, 'x-team': 'ops' });
  }
  const [first, second] = events();
  expect(second).toEqual(first);
});

test.each([
  ['a rate limit', { as: 'rate_limit', seconds: 1 }],
  ['an outage that says when it ends', { as: 'server_error', seconds: 1 }],
  ['an outage', { as: 'server_error' }],
] as const)('%s is waited out everywhere', async (_name, fault) => {
  mattermost.failNext({ method: 'POST /posts', ...fault });
  teams.failNext({ method: 'POST', ...fault });
  hook.failNext({ method: 'POST', ...fault });
  const { sessionId } = await investigate({ chat: chat(), cards: cards(), hook: receiver() });
  const rows = await settled(sessionId, 3);
  expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual(Array(3).fill(['sent', 2]));
  expect([mattermost.posts.length, teams.deliveries.length, hook.deliveries.length]).toEqual([1, 1, 1]);
});

test('a destination that hangs delays neither another nor the run', async () => {
  // It takes the request and never answers: longer than everything else here lasts.
  teams.failNext(...Array.from({ length: 4 }, () => ({ method: 'POST', as: 'no_answer' }) as const));
  const { sessionId, status } = await investigate(
    { dead: cards(), alive: receiver() },
    { fingerprint: 'fp-dead', title: 'Beside a dead one' },
  );
  expect(status).toBe('completed');
  const statuses = async (name: string) =>
    (await rowsFor(sessionId)).filter(({ destination }) => destination === name).map((row) => row.status);
  await waitFor(
    async () => ((await statuses('alive')).join() === 'sent,sent' ? true : null),
    'the living one was not told',
  );
  expect(hook.deliveries).toHaveLength(2);
  expect(await statuses('dead')).not.toContain('sent');
});

test('a refusal of one is its own', async () => {
  teams.failNext({ method: 'POST', as: 'refusal', error: 'WorkflowTriggerIsNotEnabled' });
  const { sessionId } = await investigate({ cards: cards(), hook: receiver() });
  const rows = await settled(sessionId, 2);
  expect(rows.map(({ destination, status }) => `${destination} ${status}`).toSorted()).toEqual([
    'cards failed',
    'hook sent',
  ]);
  const warnings = () =>
    rowsOf<{ key: string; message: string }>(runs.database, 'select key, message from system_warning');
  expect(await warnings()).toEqual([
    {
      key: 'notifications:cards',
      message:
        'A notification to cards was not delivered: Teams answered with HTTP 400. Check with: npx tars notify test cards',
    },
  ]);
  const { destinations } = await readNotificationState(runs.kernel, { projectId: runs.projectId });
  expect(destinations).toMatchObject([
    {
      name: 'cards',
      target: new URL(teams.url).host,
      lastSentAt: null,
      lastError: 'Teams answered with HTTP 400',
    },
    { name: 'hook', lastSentAt: expect.any(String), lastError: null },
  ]);
  const next = await investigate({ hook: receiver() });
  await settled(next.sessionId, 1);
  // Nobody can mend a destination that is not there any more.
  expect(await warnings()).toEqual([]);
});

test('each is told of what it asks for', async () => {
  const [project] = await rowsOf<{ slug: string }>(runs.database, 'select slug from project where id = $1', [
    runs.projectId,
  ]);
  const run = await runs.run({
    script: ['Done.'],
    config: told({
      ends: receiver({ events: ['ended'], projects: [project?.slug], severities: ['critical'] }),
      others: receiver({ projects: ['another'] }),
      mild: receiver({ severities: ['warning'] }),
    }),
    alert: { fingerprint: 'fp-filters', severity: 'critical' },
  });
  const rows = await settled(run.sessionId, 1);
  expect(rows).toMatchObject([{ destination: 'ends', kind: 'ended' }]);
});

test('a decision is edited into the message that asked, and told below a card and to programs', async () => {
  const destinations = { chat: chat(), cards: cards(), hook: receiver() };
  const sessionId = await askForWrite(destinations);
  await settled(sessionId, 6);
  expect(mattermost.posts[1]?.message).toContain('[Decide in TARS](');
  expect(JSON.stringify(teams.deliveries[1]?.body)).toContain('Decide in TARS');
  mattermost.failNext({ method: 'PUT /posts/*/patch', as: 'lost_answer' });
  await decide(sessionId);
  await settled(sessionId, 12);
  expect(mattermost.posts).toHaveLength(3);
  expect(mattermost.posts[1]?.message).toContain('**Denied by anna:**');
  expect(mattermost.posts[1]?.message).not.toContain('Decide in TARS');
  const [, , decision] = teams.deliveries.map(({ body }) => JSON.stringify(body));
  expect(decision).toContain('Denied by anna');
  expect(decision).not.toContain('Decide in TARS');
  expect(events().map(({ event, approval }) => `${event} ${approval?.status ?? ''}`.trim())).toEqual([
    'started',
    'approvalRequested pending',
    'approvalDecided denied',
    'ended',
  ]);
});

test('nobody is told of a decision who was not told of its request', async () => {
  teams.failNext(
    { method: 'POST', as: 'rate_limit', seconds: 0 },
    { method: 'POST', as: 'refusal', error: 'first message' },
    { method: 'POST', as: 'refusal', error: 'the request' },
  );
  const sessionId = await askForWrite({
    cards: cards(),
    hook: receiver({ events: ['started', 'approvalDecided', 'ended'] }),
  });
  await settled(sessionId, 3);
  await decide(sessionId);
  const rows = await settled(sessionId, 5);
  expect(rows.map(({ kind }) => kind)).not.toContain('decision');
  expect(teams.deliveries).toHaveLength(1);
  expect(events().map(({ event }) => event)).toEqual(['started', 'ended']);
});

test('what is withdrawn with its session asks no longer', async () => {
  const sessionId = await askForWrite({
    chat: chat(),
    z: receiver({ events: ['approvalRequested', 'approvalDecided'] }),
  });
  await settled(sessionId, 3);
  await cancelSession(runs.kernel, { projectId: runs.projectId, sessionId, actor: 'anna' });
  await settled(sessionId, 6);
  expect(mattermost.posts[1]?.message).toContain('Withdrawn: the run ended before anybody decided');
  expect(events().map(({ approval }) => approval?.status)).toEqual(['pending', 'cancelled']);
});

test('names that models must not see are shown where that is wanted', async () => {
  const { sessionId } = await runs.run({
    script: ['Done.'],
    config: {
      ...told({ a: receiver({ revealIdentifiers: true }), b: receiver() }),
      masking: { identifiers: { enabled: true, patterns: ['ipv4'] } },
    },
    alert: { title: 'No answer from 10.20.30.40' },
  });
  await settled(sessionId, 2);
  const titles = events().map(({ session }) => session?.title ?? '');
  expect(titles.toSorted()).toEqual([
    'No answer from 10.20.30.40',
    expect.stringMatching(/^No answer from \[IP_[0-9a-z]{8}\]$/),
  ]);
});

test('hostile text arrives as text', async () => {
  const { sessionId } = await investigate(
    { chat: chat(), hook: receiver() },
    { title: '@channel [x](https://evil.example) <at>all</at>' },
  );
  await settled(sessionId, 2);
  expect(mattermost.posts[0]?.message).toContain('＠channel \\[x\\]\\(`https://evil.example)`');
  expect(events()[0]?.session?.title).toBe('@channel [x](https://evil.example) <at>all</at>');
});

test('the test message goes to every destination and says what is wrong with each', async () => {
  await runs.kernel.setConfig(
    told({
      chat: chat(),
      wrong: chat({ token: 'nobody' }),
      cards: cards(),
      hook: receiver({ url: '' }),
      off: receiver({ enabled: false }),
    }),
  );
  const results = await testDestinations(runs.kernel.config.current(), { publicUrl: 'https://tars.example' });
  expect(results).toEqual([
    {
      destination: 'chat',
      type: 'mattermost',
      target: 'acme/incidents',
      problem: null,
      identity: 'tars',
      threadsProblem: null,
    },
    expect.objectContaining({
      destination: 'wrong',
      problem:
        'Mattermost answered with HTTP 401: It cannot be done. (api.context.session_expired.app_error)',
    }),
    expect.objectContaining({ destination: 'cards', problem: null, target: new URL(teams.url).host }),
    expect.objectContaining({
      destination: 'hook',
      problem: 'It has no url: set notifications.destinations.hook.url.',
    }),
  ]);
  expect(mattermost.posts.map(({ message }) => message)).toEqual([
    '👋 TARS at https://tars.example can post here.',
  ]);
  expect(teams.deliveries).toHaveLength(1);
  const test = (name: string) => testDestinations(runs.kernel.config.current(), { name, publicUrl: 'x' });
  await expect(test('nowhere')).rejects.toThrow('There is no destination "nowhere"; there are: chat, wrong');
  await runs.kernel.setConfig({});
  await expect(test('nowhere')).rejects.toThrow('Nobody is told');
});
