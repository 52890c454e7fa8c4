import { z } from 'zod';
import type { IncomingAlert } from '../../schema.ts';
import { asData, asIsoTime, givenLabels, makeAlert } from './make-alert.ts';
import { severityOf } from './severity-words.ts';

/** A template variable of Datadog: text, or a number where the template writes no quotes. */
const variable = z
  .union([z.string().max(500_000), z.number().transform(String)])
  .nullish()
  // A variable that Datadog does not know is sent as its name.
  .transform((value) =>
    value === undefined || value === null || /^(\$\w+)?$/.test(value) ? undefined : value,
  );

/**
 * The payload of Datadog is what its user wrote; these are the names of our template (`docs/alert-sources.md`) and of
 * Datadog's own default, and unknown ones are read as text.
 */
export const datadogSchema = z
  .looseObject({
    id: variable,
    title: variable,
    body: variable,
    alert_id: variable,
    alert_title: variable,
    alert_transition: variable,
    alert_scope: variable,
    alert_priority: variable,
    alert_type: variable,
    alert_query: variable,
    alert_metric: variable,
    alert_status: variable,
    aggreg_key: variable,
    hostname: variable,
    tags: variable,
    link: variable,
    date: variable,
  })
  .refine(({ alert_id, title, alert_title }) => alert_id ?? alert_title ?? title, {
    path: ['alert_id'],
    message: 'the monitor: `"alert_id": "$ALERT_ID"` in the payload of the webhook, or at least a `title`',
  });

type Datadog = z.infer<typeof datadogSchema>;

/** What `$ALERT_TRANSITION` says, and the first word of a title. Everything that is no recovery fires. */
const RECOVERED = new Set(['recovered', 'no data recovered', 'warn recovered', 'resolved', 'success', 'ok']);
const WARNED = new Set(['warn', 're-warn']);

/** One payload is one alert; monitor and group (aggregation key, else scope) identify the problem. */
export function fromDatadog(payload: Datadog): IncomingAlert[] {
  const transition = (payload.alert_transition ?? transitionInTitle(payload.title) ?? '')
    .trim()
    .toLowerCase();
  const title =
    payload.alert_title ?? withoutTransition(payload.title) ?? `Datadog monitor ${payload.alert_id}`;
  const status = RECOVERED.has(transition) ? 'resolved' : 'firing';
  return [
    makeAlert({
      source: 'datadog',
      status,
      alertType: 'datadog',
      title: [title, payload.alert_scope].filter(Boolean).join(' · '),
      severity: WARNED.has(transition) ? 'warning' : severityOf(payload.alert_priority ?? payload.alert_type),
      fingerprint: fingerprintOf(payload, title),
      labels: givenLabels({
        ...tagsOf(payload.tags),
        monitor_id: payload.alert_id,
        scope: payload.alert_scope,
        host: payload.hostname,
        metric: payload.alert_metric,
        transition: payload.alert_transition,
      }),
      annotations: givenLabels({ url: payload.link, query: payload.alert_query }),
      data: asData(payload),
      startsAt: asIsoTime(numberIn(payload.date)),
      idempotencyKey: payload.id ? `datadog:${payload.id}:${transition}` : null,
    }),
  ];
}

function fingerprintOf({ alert_id, aggreg_key, alert_scope }: Datadog, title: string): string {
  return [alert_id ?? title, aggreg_key ?? alert_scope]
    .filter(Boolean)
    .join(':')
    .slice(0, FINGERPRINT_MAX_CHARS);
}
const FINGERPRINT_MAX_CHARS = 500;

/** `[Triggered on {host:a}] CPU is high`: the word in front is the transition. */
const TITLE = /^\[(?<word>[A-Za-z -]+?)(?: on [^\]]*)?\]\s*(?<rest>.+)$/s;
const transitionInTitle = (title: string | undefined) => TITLE.exec(title ?? '')?.groups?.word;
const withoutTransition = (title: string | undefined) => TITLE.exec(title ?? '')?.groups?.rest ?? title;

/** `env:prod,service:shop,urgent` as labels; a tag without a value is `true`. */
function tagsOf(tags: string | undefined): Record<string, string> {
  const labels = (tags ?? '')
    .split(',')
    .slice(0, TAGS_MAX)
    .map((tag) => tag.trim())
    .filter(Boolean)
    .map((tag) => {
      const at = tag.indexOf(':');
      return at > 0 ? [tag.slice(0, at), tag.slice(at + 1)] : [tag, 'true'];
    });
  return Object.fromEntries(labels);
}
const TAGS_MAX = 200;

/** Datadog's `$DATE` is milliseconds as text. */
const numberIn = (date: string | undefined) => (/^\d+$/.test(date ?? '') ? Number(date) : date);
