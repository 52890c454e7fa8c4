import { createVerify, X509Certificate } from 'node:crypto';
import type { SnsMessage } from './cloudwatch.ts';

/**
 * What Amazon signs: these fields as `name\nvalue\n`, in this order, absent ones left out. Source: AWS, "Verifying the
 * signatures of Amazon SNS messages".
 */
const SIGNED_FIELDS = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;

export function signedText(message: SnsMessage): string {
  return SIGNED_FIELDS[message.Type]
    .flatMap((name) => {
      const value = message[name];
      return value === undefined || value === null ? [] : [`${name}\n${value}\n`];
    })
    .join('');
}

/** Whether the certificate, which must be valid at this time, signed the message. A text that is no certificate did not. */
export function isSignedBy(message: SnsMessage, pem: string, nowMs: number): boolean {
  try {
    const certificate = new X509Certificate(pem);
    if (nowMs < certificate.validFromDate.getTime() || nowMs > certificate.validToDate.getTime())
      return false;
    return createVerify(message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
      .update(signedText(message), 'utf8')
      .verify(certificate.publicKey, message.Signature, 'base64');
  } catch {
    return false;
  }
}
