import { z } from 'zod';
import { alertmanagerSchema, type IncomingAlert } from '../../schema.ts';
import { fromAlertmanager } from '../normalise-alert.ts';
import { type SecretSource, secretSources } from './check-signature.ts';
import { snsSchema } from './cloudwatch.ts';
import { datadogSchema, fromDatadog } from './datadog.ts';
import { fromGeneric, genericAlertSchema, genericListSchema } from './generic.ts';
import { fromGrafana, grafanaSchema } from './grafana.ts';
import { fromOpsgenie, opsgenieSchema } from './opsgenie.ts';
import { fromPagerduty, pagerdutySchema } from './pagerduty.ts';
import { parsePayload } from './parse-payload.ts';
import { fromSentry, sentrySchema } from './sentry.ts';

/** Whose webhooks are understood. */
export const webhookSourceSchema = z.enum([...secretSources, 'cloudwatch']);

/** Every payload, for the description of the address. */
export const webhookBodySchema = z.union([
  alertmanagerSchema,
  grafanaSchema,
  pagerdutySchema,
  datadogSchema,
  snsSchema,
  sentrySchema,
  opsgenieSchema,
  genericAlertSchema,
  genericListSchema,
  z.object({ alerts: genericListSchema }),
]);

/** The alerts of a payload, in its order; none where it tells of something else. Throws `bad_request` with field paths. */
export function readWebhook(source: SecretSource, body: unknown): IncomingAlert[] {
  switch (source) {
    case 'alertmanager':
      return fromAlertmanager(parsePayload(alertmanagerSchema, body));
    case 'grafana':
      return fromGrafana(parsePayload(grafanaSchema, body));
    case 'pagerduty':
      return fromPagerduty(parsePayload(pagerdutySchema, body));
    case 'datadog':
      return fromDatadog(parsePayload(datadogSchema, body));
    case 'sentry':
      return fromSentry(parsePayload(sentrySchema, body));
    case 'opsgenie':
      return fromOpsgenie(parsePayload(opsgenieSchema, body));
    case 'generic':
      return fromGeneric(readGeneric(body));
  }
}

/** One alert, a list of them, or a list as `alerts`. */
function readGeneric(body: unknown): z.infer<typeof genericListSchema> {
  if (Array.isArray(body)) return parsePayload(genericListSchema, body);
  if (typeof body === 'object' && body !== null && 'alerts' in body)
    return parsePayload(z.object({ alerts: genericListSchema }), body).alerts;
  return [parsePayload(genericAlertSchema, body)];
}
