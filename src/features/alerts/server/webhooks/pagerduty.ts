import { z } from 'zod';
import type { IncomingAlert } from '../../schema.ts';
import { asData, asIsoTime, givenLabels, makeAlert } from './make-alert.ts';
import { severityOf } from './severity-words.ts';

const referenceSchema = z.looseObject({ id: z.string().optional(), summary: z.string().nullish() }).nullish();

/** PagerDuty's v3 webhook. Source: PagerDuty's "Webhooks: Overview". `data` differs with the type of the event. */
export const pagerdutySchema = z.looseObject({
  event: z.looseObject({
    id: z.string().min(1).max(200),
    event_type: z.string().min(1).max(200),
    occurred_at: z.string().optional(),
    data: z.looseObject({
      id: z.string().max(500).optional(),
      type: z.string().optional(),
      title: z.string().nullish(),
      number: z.number().nullish(),
      urgency: z.string().nullish(),
      incident_key: z.string().nullish(),
      html_url: z.string().nullish(),
      created_at: z.string().nullish(),
      service: referenceSchema,
      priority: referenceSchema,
    }),
  }),
});

/** Events that open or close an incident. The others (acknowledged, notes, responders, pings) change no problem. */
const STATUSES: Readonly<Record<string, IncomingAlert['status']>> = {
  'incident.triggered': 'firing',
  'incident.reopened': 'firing',
  'incident.resolved': 'resolved',
};

/** One event is one alert, or none; the incident's id identifies the problem. */
export function fromPagerduty({ event }: z.infer<typeof pagerdutySchema>): IncomingAlert[] {
  const status = STATUSES[event.event_type];
  const { data: incident } = event;
  const fingerprint = incident.id ?? incident.incident_key;
  if (!status || !fingerprint) return [];
  const service = incident.service?.summary ?? null;
  return [
    makeAlert({
      source: 'pagerduty',
      status,
      alertType: 'pagerduty',
      title: [incident.title ?? 'PagerDuty incident', service].filter(Boolean).join(' · '),
      severity: severityOf(incident.priority?.summary ?? incident.urgency),
      fingerprint,
      labels: givenLabels({
        service,
        urgency: incident.urgency,
        priority: incident.priority?.summary,
        incident_number: incident.number,
        incident_key: incident.incident_key,
      }),
      annotations: givenLabels({ url: incident.html_url }),
      data: asData({ event: event.event_type, occurredAt: event.occurred_at, incident }),
      startsAt: asIsoTime(incident.created_at ?? event.occurred_at),
      idempotencyKey: `pagerduty:${event.id}`,
    }),
  ];
}
