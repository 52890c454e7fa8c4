import { describe, expect, test } from 'vitest';
import { makeCertificate } from '#test/webhooks/make-certificate.ts';
import { confirmation, signSns } from '#test/webhooks/sign-sns.ts';
import { snsSchema } from './cloudwatch.ts';
import { isSignedBy } from './verify-sns.ts';

const nowMs = Date.parse('2026-11-20T10:00:00Z');
const validity = { validFrom: new Date('2026-01-01'), validTo: new Date('2027-01-01') };
const { pem, privateKey } = makeCertificate(validity);
const check = (message: Record<string, string>, certificate = pem, atMs = nowMs) =>
  isSignedBy(snsSchema.parse(message), certificate, atMs);

describe.each(['1', '2'] as const)('signature version %s', (version) => {
  const notification = { Message: 'line 1\nline 2 ✓', Subject: 'ALARM: "checkout-5xx"' };
  test.each([
    ['a notification', notification],
    ['one without subject', { Message: 'x' }],
    ['a confirmation', confirmation()],
    ['a cancellation', confirmation({ Type: 'UnsubscribeConfirmation' })],
  ])('%s', (_what, given) => {
    expect(check(signSns(privateKey, given, { version }))).toBe(true);
  });

  test.each(['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn'])('a changed %s', (name) => {
    expect(check(signSns(privateKey, notification, { version, forged: { [name]: 'changed' } }))).toBe(false);
  });

  test.each(['SubscribeURL', 'Token'])('a changed %s of a confirmation', (name) => {
    expect(check(signSns(privateKey, confirmation(), { version, forged: { [name]: 'changed' } }))).toBe(
      false,
    );
  });

  test('the other version', () => {
    const forged = { SignatureVersion: version === '1' ? '2' : '1' };
    expect(check(signSns(privateKey, notification, { version, forged }))).toBe(false);
  });
});

test('a key of somebody else, an expired certificate, and none', () => {
  const message = signSns(privateKey, {});
  expect(check(message, makeCertificate(validity).pem)).toBe(false);
  expect(check(message, pem, Date.parse('2027-01-02'))).toBe(false);
  expect(check(message, pem, Date.parse('2025-12-31'))).toBe(false);
  expect(check(message, '<html>not found</html>')).toBe(false);
  expect(check({ ...message, Signature: 'noise' })).toBe(false);
});
