import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { SIGNATURE_MAX_AGE_MS } from './tunables.ts';

/** Sources whose deliveries a shared secret can prove. (Amazon signs with a certificate: `verify-sns.ts`.) */
export const secretSources = [
  'alertmanager',
  'grafana',
  'pagerduty',
  'datadog',
  'sentry',
  'opsgenie',
  'generic',
] as const;
export type SecretSource = (typeof secretSources)[number];

type Delivery = { secret: string; headers: Headers; raw: Uint8Array; nowMs: number };
type Scheme = { headers: readonly string[]; verify(delivery: Delivery): boolean };

const GRAFANA_TIMESTAMP = 'x-grafana-alerting-timestamp';

/** PagerDuty's: one `v1=` per active secret of the subscription, so that a secret can be changed. */
const pagerduty: Scheme = {
  headers: ['x-pagerduty-signature'],
  verify: ({ secret, headers, raw }) =>
    (headers.get('x-pagerduty-signature') ?? '')
      .split(',')
      .map((part) => part.trim())
      .some((part) => part.startsWith('v1=') && sameHex(part.slice(3), hmac(secret, raw))),
};

const sentry: Scheme = {
  headers: ['sentry-hook-signature'],
  verify: ({ secret, headers, raw }) => sameHex(headers.get('sentry-hook-signature'), hmac(secret, raw)),
};

/** Grafana's: over the body, or over `time:body` where its contact point names a header for the time. */
const grafana: Scheme = {
  headers: ['x-grafana-alerting-signature'],
  verify({ secret, headers, raw, nowMs }) {
    const signature = headers.get('x-grafana-alerting-signature');
    const time = headers.get(GRAFANA_TIMESTAMP);
    if (time === null) return sameHex(signature, hmac(secret, raw));
    const ageMs = Math.abs(nowMs - Number(time) * 1_000);
    return (
      /^\d{1,12}$/.test(time) &&
      ageMs <= SIGNATURE_MAX_AGE_MS &&
      sameHex(signature, hmac(secret, Buffer.from(`${time}:`), raw))
    );
  },
};

/** For senders without a signature of their own: a signature of ours, or the secret itself in a header. */
const own: Scheme = {
  headers: ['x-tars-signature', 'x-tars-token'],
  verify({ secret, headers, raw }) {
    const signature = headers.get('x-tars-signature');
    if (signature !== null) return sameHex(signature.replace(/^sha256=/, ''), hmac(secret, raw));
    return sameText(headers.get('x-tars-token') ?? '', secret);
  },
};

const SCHEMES: Record<SecretSource, Scheme> = {
  alertmanager: own,
  grafana,
  pagerduty,
  datadog: own,
  sentry,
  opsgenie: own,
  generic: own,
};

export const isSecretSource = (source: string | undefined): source is SecretSource =>
  secretSources.some((known) => known === source);

/** Whether the request claims to be signed, before its body is read. */
export const carriesSignature = (source: SecretSource, headers: Headers): boolean =>
  SCHEMES[source].headers.some((name) => headers.has(name));

/** The headers that may carry the signature, for whoever is told that it is missing. */
export const signatureHeaders = (source: SecretSource): string => SCHEMES[source].headers.join(' or ');

/** Whether the secret signed exactly these bytes. */
export const checkSignature = (source: SecretSource, delivery: Delivery): boolean =>
  SCHEMES[source].verify(delivery);

function hmac(secret: string, ...parts: readonly Uint8Array[]): Buffer {
  const code = createHmac('sha256', secret);
  for (const part of parts) code.update(part);
  return code.digest();
}

/** In constant time; what is no 64 hexadecimal digits is simply wrong. */
function sameHex(given: string | null, expected: Buffer): boolean {
  return (
    given !== null && /^[0-9a-f]{64}$/i.test(given) && timingSafeEqual(Buffer.from(given, 'hex'), expected)
  );
}

/** In constant time, whatever the lengths: compared are digests. */
function sameText(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
