import { z } from 'zod';
import type { IncomingAlert } from '../../schema.ts';
import { asData, asIsoTime, givenLabels, makeAlert } from './make-alert.ts';
import { severityOf } from './severity-words.ts';

/** Opsgenie's outgoing webhook (also Jira Service Management's). Source: Opsgenie's "Webhook Integration". */
export const opsgenieSchema = z.looseObject({
  action: z.string().min(1).max(200),
  integrationName: z.string().nullish(),
  alert: z.looseObject({
    alertId: z.string().min(1).max(500),
    alias: z.string().max(500).nullish(),
    tinyId: z.union([z.string(), z.number()]).nullish(),
    message: z.string().nullish(),
    description: z.string().nullish(),
    entity: z.string().nullish(),
    source: z.string().nullish(),
    priority: z.string().nullish(),
    team: z.string().nullish(),
    tags: z.array(z.string()).nullish(),
    details: z.record(z.string(), z.unknown()).nullish(),
    createdAt: z.union([z.number(), z.string()]).nullish(),
  }),
});

/** Actions that open or close an alert. Acknowledging, notes, escalations and owners change no problem. */
const STATUSES: Readonly<Record<string, IncomingAlert['status']>> = {
  Create: 'firing',
  Close: 'resolved',
  Delete: 'resolved',
};

/** One webhook is one alert, or none; the alias identifies the problem. */
export function fromOpsgenie({ action, alert }: z.infer<typeof opsgenieSchema>): IncomingAlert[] {
  const status = STATUSES[action];
  if (!status) return [];
  return [
    makeAlert({
      source: 'opsgenie',
      status,
      alertType: 'opsgenie',
      title: [alert.message ?? 'Opsgenie alert', alert.entity].filter(Boolean).join(' · '),
      severity: severityOf(alert.priority),
      fingerprint: alert.alias || alert.alertId,
      labels: givenLabels({
        entity: alert.entity,
        source: alert.source,
        priority: alert.priority,
        team: alert.team,
        tags: alert.tags?.join(', '),
        alert_id: alert.alertId,
        tiny_id: alert.tinyId,
      }),
      annotations: givenLabels({ description: alert.description }),
      data: asData({ action, alert }),
      startsAt: asIsoTime(alert.createdAt),
    }),
  ];
}
