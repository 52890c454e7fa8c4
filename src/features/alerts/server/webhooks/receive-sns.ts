import { createExpiringCache } from '#src/server/auth/expiring-cache.ts';
import { AppError } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { parseJsonBody } from '#src/server/rest/parse-json-body.ts';
import type { IncomingAlert } from '../../schema.ts';
import { certificateAddress, confirmationAddress } from './amazon-address.ts';
import { alarmSchema, fromCloudwatch, type SnsMessage, snsSchema } from './cloudwatch.ts';
import type { FetchFromAmazon } from './fetch-from-amazon.ts';
import { parsePayload } from './parse-payload.ts';
import { AMAZON_RETRY_SECONDS, CERTIFICATE_CACHE_MS, CERTIFICATE_CACHE_SIZE } from './tunables.ts';
import { isSignedBy } from './verify-sns.ts';

/** The alerts of a message that Amazon SNS posted; none for a confirmation. */
export type ReceiveSns = (
  kernel: Kernel,
  options: { raw: Buffer; signal: AbortSignal },
) => Promise<IncomingAlert[]>;

/**
 * Takes messages of Amazon SNS: each must be signed by a certificate of Amazon's hosts and come from a topic of
 * `webhooks.cloudwatch.topics`. A subscription is confirmed by visiting the address in its signed message. Throws
 * `unauthorized` (signature), `forbidden` (topic), `bad_request`, and `unavailable` while Amazon cannot be reached.
 */
export function createSnsReceiver(fetchText: FetchFromAmazon): ReceiveSns {
  const certificates = createExpiringCache<string>({
    ttlMs: CERTIFICATE_CACHE_MS,
    size: CERTIFICATE_CACHE_SIZE,
  });

  const verify = async (message: SnsMessage): Promise<void> => {
    const address = certificateAddress(message.SigningCertURL);
    if (!address) throw refused("The certificate of the message is not at one of Amazon's SNS hosts.");
    // Shared by all who wait for it, so it is not given up with one of them.
    const load = () => fetchText(address, new AbortController().signal);
    const pem = await certificates.get(address.href, load).catch((cause: unknown) => {
      throw away('The certificate of the message cannot be fetched.', cause);
    });
    if (!isSignedBy(message, pem, Date.now())) throw refused('The signature of the message is wrong.');
  };

  return async (kernel, { raw, signal }) => {
    const message = readMessage(raw);
    const { topics } = kernel.config.current().webhooks.cloudwatch;
    if (topics.length > 0 && !topics.includes(message.TopicArn)) {
      throw new AppError('forbidden', 'The topic is not in webhooks.cloudwatch.topics.');
    }
    await verify(message);
    switch (message.Type) {
      case 'Notification':
        return fromCloudwatch(readAlarm(message), message.MessageId);
      case 'SubscriptionConfirmation':
        await confirm(kernel, message, (url) => fetchText(url, signal));
        return [];
      case 'UnsubscribeConfirmation':
        kernel.log.warn({ topic: message.TopicArn }, 'SNS topic unsubscribed');
        return [];
    }
  };
}

async function confirm(
  kernel: Kernel,
  message: SnsMessage,
  visit: (url: URL) => Promise<unknown>,
): Promise<void> {
  const url = confirmationAddress(message.SubscribeURL ?? '', message.TopicArn);
  if (!url) {
    throw new AppError('bad_request', 'The subscription cannot be confirmed.', {
      fields: [
        { path: 'SubscribeURL', message: "a confirmation of this topic at one of Amazon's SNS hosts" },
      ],
    });
  }
  await visit(url).catch((cause: unknown) => {
    throw away('The subscription cannot be confirmed right now.', cause);
  });
  kernel.log.info({ topic: message.TopicArn }, 'SNS subscription confirmed');
}

/** The texts exactly as they came, since they are signed; first refused where any other body would be. */
function readMessage(raw: Buffer): SnsMessage {
  parseJsonBody(raw);
  return parsePayload(snsSchema, JSON.parse(new TextDecoder().decode(raw)));
}

function readAlarm(message: SnsMessage) {
  let alarm: unknown;
  try {
    alarm = parseJsonBody(Buffer.from(message.Message, 'utf8'));
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new AppError('bad_request', 'The message holds no alarm of CloudWatch.', {
      fields: [{ path: 'Message', message: 'the JSON of a CloudWatch alarm' }],
      cause,
    });
  }
  return parsePayload(alarmSchema, alarm, 'Message');
}

const refused = (message: string) => new AppError('unauthorized', message);
const away = (message: string, cause: unknown) =>
  new AppError('unavailable', message, { retryAfterSeconds: AMAZON_RETRY_SECONDS, cause });
