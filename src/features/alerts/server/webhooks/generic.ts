import { z } from 'zod';
import { hashToken } from '#src/server/crypto.ts';
import { type IncomingAlert, labelsSchema } from '../../schema.ts';
import { asData, asIsoTime, makeAlert } from './make-alert.ts';
import { severityOf } from './severity-words.ts';
import { ALERTS_PER_PAYLOAD } from './tunables.ts';

const text = z
  .union([z.string().max(500_000), z.number(), z.boolean()])
  .nullish()
  .transform((value) => {
    const read = value === null || value === undefined ? '' : String(value).trim();
    return read === '' ? undefined : read;
  });
const shortText = text.refine((value) => (value?.length ?? 0) <= 500, 'at most 500 characters');

/** An alert of anything that can post JSON. One of `title`, `name`, `summary`, `message` is needed; all else may be left out. */
export const genericAlertSchema = z
  .looseObject({
    status: shortText,
    title: text,
    name: text,
    summary: text,
    message: text,
    description: text,
    alertType: shortText,
    severity: shortText,
    priority: shortText,
    fingerprint: shortText,
    labels: labelsSchema.nullish().transform((labels) => labels ?? {}),
    annotations: labelsSchema.nullish().transform((annotations) => annotations ?? {}),
    startsAt: z.union([z.string(), z.number()]).nullish(),
    idempotencyKey: z.string().trim().min(1).max(200).nullish(),
  })
  .refine((alert) => alert.title ?? alert.name ?? alert.summary ?? alert.message, {
    path: ['title'],
    message: 'what happened, in one line: `title`, `name`, `summary` or `message`',
  });

export const genericListSchema = z
  .array(genericAlertSchema)
  .min(1, 'at least one alert')
  .max(ALERTS_PER_PAYLOAD, `at most ${ALERTS_PER_PAYLOAD} alerts in one payload`);

/** Words for "it is over". Every other status, and none, fires. */
const RESOLVED = new Set([
  'resolved',
  'resolve',
  'ok',
  'okay',
  'closed',
  'close',
  'recovered',
  'recovery',
  'cleared',
  'clear',
  'normal',
  'up',
]);

/** Without a fingerprint the name identifies the problem, with the labels that tell one such problem from another. */
export function fromGeneric(alerts: z.infer<typeof genericListSchema>): IncomingAlert[] {
  return alerts.map((alert) => {
    const title = alert.title ?? alert.name ?? alert.summary ?? alert.message ?? '';
    return makeAlert({
      source: 'generic',
      status: RESOLVED.has(alert.status?.toLowerCase() ?? '') ? 'resolved' : 'firing',
      alertType: alert.alertType ?? null,
      title,
      severity: severityOf(alert.severity ?? alert.priority ?? alert.labels.severity),
      fingerprint: alert.fingerprint ?? fingerprintFrom(alert.name ?? title, alert.labels),
      labels: alert.labels,
      annotations: alert.annotations,
      data: asData(alert),
      startsAt: asIsoTime(alert.startsAt),
      idempotencyKey: alert.idempotencyKey ?? null,
    });
  });
}

/** Labels that change during one problem, or with how bad it is, do not tell problems apart. */
const PASSING_LABELS = new Set(['severity', 'priority', 'value', 'status', 'timestamp']);

function fingerprintFrom(name: string, labels: Record<string, string>): string {
  const telling = Object.entries(labels)
    .filter(([label]) => !PASSING_LABELS.has(label.toLowerCase()))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${value}`);
  const whole = [name, ...telling].join('|');
  return whole.length <= FINGERPRINT_MAX_CHARS ? whole : hashToken(whole);
}
const FINGERPRINT_MAX_CHARS = 500;
