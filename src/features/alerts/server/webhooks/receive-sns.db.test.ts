import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createApiKey } from '#src/features/access/server/index.ts';
import { createAuthenticator } from '#src/server/auth/authenticate.ts';
import { createRestHandler } from '#src/server/rest/handle-rest.ts';
import { createTestKernel, createTestProject } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { makeCertificate } from '#test/webhooks/make-certificate.ts';
import { alarm } from '#test/webhooks/payloads.ts';
import { confirmation, signSns, TOPIC } from '#test/webhooks/sign-sns.ts';
import { webhookResultSchema } from '../../schema.ts';
import { createWebhookOperation } from '../rest.ts';

/** The real route over real HTTP; only what Amazon's hosts answer is said here. */
const db = useTestDatabase();
const { pem, privateKey } = makeCertificate({
  validFrom: new Date('2026-01-01'),
  validTo: new Date('2056-01-01'),
});
let kernel: Awaited<ReturnType<typeof createTestKernel>>;
let server: Server;
let basic: string;
let visited: string[];
let amazon: (url: URL) => string;

beforeAll(async () => {
  kernel = await createTestKernel(db.database);
  const { id: projectId } = await createTestProject(db.database);
  const { key } = await createApiKey(kernel, { projectId, actor: 'test', name: 'sns', scope: 'alerts' });
  basic = `Basic ${Buffer.from(`tars:${key}`).toString('base64')}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(async () => {
  await kernel.setConfig({ webhooks: { cloudwatch: { topics: [] } } });
  visited = [];
  amazon = (url) => (url.pathname.endsWith('.pem') ? pem : '<ConfirmSubscriptionResponse/>');
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  // A server per test: certificates are remembered as long as it lives.
  const operation = createWebhookOperation(async (url) => {
    visited.push(url.href);
    return amazon(url);
  });
  const publicUrl = 'http://127.0.0.1';
  const authenticator = createAuthenticator(kernel, { authSecret: 'a secret of the tests', publicUrl });
  const handle = createRestHandler({ kernel, operations: [operation], authenticator, publicUrl });
  server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', publicUrl);
    void handle({ req, res, url, requestId: 'r', log: kernel.log });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

async function post(body: unknown, headers: Record<string, string> = { authorization: basic }) {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/webhooks/cloudwatch`, {
    method: 'POST',
    headers: {
      'content-type': 'text/plain; charset=UTF-8',
      'x-amz-sns-message-type': 'Notification',
      ...headers,
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}
const notify = (state: string, id: string, options: Parameters<typeof signSns>[2] = {}) =>
  signSns(privateKey, { Message: JSON.stringify(alarm(state)), MessageId: id, Subject: state }, options);

test.each(['1', '2'] as const)('an alarm and its end, signature version %s', async (version) => {
  const fired = await post(notify('ALARM', `a${version}`, { version }));
  const over = await post(notify('OK', `b${version}`, { version }));
  expect([fired.status, over.status]).toEqual([202, 202]);
  const [first] = webhookResultSchema.parse(fired.body).alerts;
  expect(first).toMatchObject({ fingerprint: alarm().AlarmArn, status: 'firing', deduplicated: false });
  expect(webhookResultSchema.parse(over.body).alerts).toEqual([
    { ...first, status: 'resolved', deduplicated: true },
  ]);
  // One certificate, fetched once.
  expect(visited).toHaveLength(1);
});

test('a message that was recorded and is sent again starts nothing', async () => {
  const message = notify('ALARM', 'replayed');
  const fired = await post(message);
  await post(notify('OK', 'replayed-end'));
  const again = await post(message);
  const [first] = webhookResultSchema.parse(fired.body).alerts;
  expect(webhookResultSchema.parse(again.body).alerts).toEqual([{ ...first, deduplicated: true }]);
});

test('unusual characters are verified as they were signed', async () => {
  const text = JSON.stringify({
    ...alarm(),
    AlarmArn: 'arn:odd',
    AlarmDescription: 'right \u202e left \u2028 😀 \0',
  });
  expect((await post(signSns(privateKey, { Message: text, MessageId: 'odd' }))).status).toBe(202);
});

test('401 with a forged message, and with a certificate that is not at Amazon, which is not visited', async () => {
  expect((await post(notify('ALARM', 'f1', { forged: { MessageId: 'f2' } }))).status).toBe(401);
  visited = [];
  for (const SigningCertURL of [
    'https://evil.example/SimpleNotificationService-a.pem',
    'https://sns.s3-us-west-2.amazonaws.com/SimpleNotificationService-a.pem',
    'http://169.254.169.254/',
  ]) {
    expect((await post(signSns(privateKey, { Message: 'x', SigningCertURL }))).status).toBe(401);
  }
  expect(visited).toEqual([]);
});

test('401 without a key: anybody can have Amazon sign a message', async () => {
  const answer = await post(notify('ALARM', 'k1'), {});
  expect(answer.status).toBe(401);
  // SNS sends the password of its subscription only when it is asked for one.
  expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /);
  expect(visited).toEqual([]);
});

test('503 with a time to come back while Amazon cannot be reached, and then it works', async () => {
  amazon = () => {
    throw new Error('no route to host');
  };
  const away = await post(notify('ALARM', 'away'));
  expect([away.status, away.body.error.code]).toEqual([503, 'unavailable']);
  expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(JSON.stringify(away.body)).not.toContain('no route');
  amazon = () => pem;
  expect((await post(notify('ALARM', 'away'))).status).toBe(202);
});

test('403 for a topic that is not allowed', async () => {
  await kernel.setConfig({ webhooks: { cloudwatch: { topics: [`${TOPIC}-other`] } } });
  expect((await post(notify('ALARM', 't1'))).status).toBe(403);
  expect((await post(signSns(privateKey, confirmation()))).status).toBe(403);
  expect(visited).toEqual([]);
  await kernel.setConfig({ webhooks: { cloudwatch: { topics: [TOPIC] } } });
  expect((await post(notify('ALARM', 't1'))).status).toBe(202);
});

test('a subscription is confirmed at Amazon, and only there', async () => {
  const answer = await post(signSns(privateKey, confirmation()));
  expect([answer.status, answer.body]).toEqual([202, { alerts: [] }]);
  expect(visited.at(-1)).toContain('Action=ConfirmSubscription');
  visited = [];
  for (const SubscribeURL of [
    'https://evil.example/?Action=ConfirmSubscription',
    'http://127.0.0.1:1/',
    'https://sns.eu-central-1.amazonaws.com/?Action=DeleteTopic',
  ]) {
    const refused = await post(signSns(privateKey, confirmation({ SubscribeURL })));
    expect([refused.status, refused.body.error.fields[0].path]).toEqual([400, 'SubscribeURL']);
  }
  expect(visited).toEqual([]);
  expect((await post(signSns(privateKey, confirmation(), { forged: { Token: 'x' } }))).status).toBe(401);
  expect(visited).toEqual([]);
});

test('a subscription that ended is only noted', async () => {
  const answer = await post(signSns(privateKey, confirmation({ Type: 'UnsubscribeConfirmation' })));
  expect([answer.status, answer.body]).toEqual([202, { alerts: [] }]);
  expect(visited.filter((url) => url.includes('Action='))).toEqual([]);
});

test.each<[string, unknown, string]>([
  ['an alarm without its envelope', alarm(), 'Type'],
  ['a text instead of an alarm', signSns(privateKey, { Message: 'Hello' }), 'Message'],
  ['something else of AWS', signSns(privateKey, { Message: '{"source": "aws.ec2"}' }), 'Message.AlarmName'],
  ['a version of the future', { ...signSns(privateKey, {}), SignatureVersion: '9' }, 'SignatureVersion'],
])('400 names the field: %s', async (_what, body, path) => {
  const answer = await post(body);
  expect(answer.status).toBe(400);
  expect(answer.body.error.fields.map((field: { path: string }) => field.path)).toContain(path);
});
