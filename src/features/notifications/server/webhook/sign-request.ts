import { createHmac } from 'node:crypto';

/**
 * The headers by which a receiver knows that a request is ours and fresh, as the Standard Webhooks specification has them
 * (https://www.standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`. A secret that begins with `whsec_` is base64, as
 * there; any other is taken as it is.
 */
export function signRequest(options: {
  secret: string;
  id: string;
  at: Date;
  body: string;
}): Record<string, string> {
  const { secret, id, at, body } = options;
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
