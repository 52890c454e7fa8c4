import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { decided, exampleMessage } from '#test/notification-facts.ts';
import { composeTest } from '../message/compose-message.ts';
import { renderEvent } from './render-event.ts';
import { signRequest } from './sign-request.ts';
import { webhookEventSchema } from './webhook-event.ts';

test('an event is what the schema says', () => {
  const event = renderEvent(exampleMessage('decision', { approval: decided }), 'n1');
  expect(webhookEventSchema.parse(event)).toEqual(event);
  expect(event).toMatchObject({
    version: 1,
    id: 'n1',
    event: 'approvalDecided',
    occurredAt: '2026-11-27T08:05:00.000Z',
    text: 'Approved by anna: Checkout down',
    session: { id: 's1', project: 'shop', severity: 'critical', durationMs: 252_000, costIsComplete: true },
    approval: {
      url: 'https://tars.example/sessions/s1?item=i1',
      status: 'approved',
      tool: 'cluster.pods_delete',
      arguments: { namespace: 'shop', name: 'checkout-1' },
      decidedBy: 'anna',
      reason: 'It restarts by itself.',
    },
  });
  for (const message of [
    exampleMessage('started'),
    exampleMessage('ended'),
    composeTest('https://t.example', new Date(0)),
  ])
    expect(webhookEventSchema.parse(renderEvent(message, 'n2')).approval).toBeNull();
});

test('the end of a check says what is new', () => {
  const check = {
    name: 'nightly',
    outcome: 'healthy' as const,
    findings: 0,
    since: new Date('2026-11-27T08:00:00Z'),
    unchanged: false,
    recovered: true,
  };
  const event = renderEvent(exampleMessage('ended', { check }), 'n1');
  expect(webhookEventSchema.parse(event)).toEqual(event);
  expect(event.check).toEqual({ ...check, since: '2026-11-27T08:00:00.000Z' });
});

test('long texts are cut and long arguments are left to the API', () => {
  const event = renderEvent(
    exampleMessage('approval', {
      approval: { why: 'y'.repeat(50_000), arguments: { a: 'x'.repeat(50_000) } },
    }),
    'n1',
  );
  expect(event.approval?.why).toHaveLength(10_000);
  expect(event.approval?.arguments).toBeNull();
});

test('the example in the documentation is an event', async () => {
  const docs = await readFile(new URL('../../../../../docs/notifications.md', import.meta.url), 'utf8');
  const [, example = ''] = /```json\n([\s\S]*?)```/.exec(docs) ?? [];
  expect(webhookEventSchema.parse(JSON.parse(example))).toEqual(JSON.parse(example));
});

test('a request is signed as Standard Webhooks are, with time and id', () => {
  const request = { id: 'n1', at: new Date(1_700_000_000_500), body: '{"a":1}' };
  // The example of the specification's own library: a secret in base64 after its prefix.
  expect(
    signRequest({
      secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      at: new Date(1_614_265_330_000),
      body: '{"test": 2432232314}',
    })['webhook-signature'],
  ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  const expected = createHmac('sha256', 'plain secret').update('n1.1700000000.{"a":1}').digest('base64');
  expect(signRequest({ secret: 'plain secret', ...request })).toEqual({
    'webhook-id': 'n1',
    'webhook-timestamp': '1700000000',
    'webhook-signature': `v1,${expected}`,
  });
});
