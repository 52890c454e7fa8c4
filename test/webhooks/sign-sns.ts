import { createSign, type KeyObject } from 'node:crypto';

export const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:alarms';
const HOST = 'https://sns.eu-central-1.amazonaws.com';

/** A message as Amazon SNS posts it, signed with a key of ours. What is `forged` was changed after signing. */
export function signSns(
  privateKey: KeyObject,
  given: Record<string, string>,
  options: { version?: '1' | '2'; forged?: Record<string, string> } = {},
): Record<string, string> {
  const version = options.version ?? '1';
  const message: Record<string, string> = {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: TOPIC,
    Message: 'Hello',
    Timestamp: '2026-11-20T10:16:28.000Z',
    SignatureVersion: version,
    SigningCertURL: `${HOST}/SimpleNotificationService-a86cb10b4e1f29c941702d737128f7b6.pem`,
    ...given,
  };
  const notification = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
  const control = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const fields = message.Type === 'Notification' ? notification : control;
  const text = fields
    .filter((name) => name in message)
    .map((name) => `${name}\n${message[name]}\n`)
    .join('');
  const signer = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256').update(text, 'utf8');
  return { ...message, Signature: signer.sign(privateKey, 'base64'), ...options.forged };
}

export const confirmation = (given: Record<string, string> = {}): Record<string, string> => ({
  Type: 'SubscriptionConfirmation',
  MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
  Token: '2336412f37fb687f5d51e6e2425a8a5',
  Message: `You have chosen to subscribe to the topic ${TOPIC}.`,
  SubscribeURL: `${HOST}/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=2336412f37fb687f5d51e6e2425a8a5`,
  ...given,
});
