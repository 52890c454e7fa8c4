import { z } from 'zod';
import { type IncomingAlert, labelsSchema } from '../../schema.ts';
import { subjectOf } from '../normalise-alert.ts';
import { asData, asIsoTime, makeAlert } from './make-alert.ts';
import { ALERTS_PER_PAYLOAD } from './tunables.ts';

/** Grafana's unified alerting: Alertmanager's envelope with more on each alert. Source: Grafana's "webhook notifier". */
export const grafanaSchema = z.looseObject({
  receiver: z.string().optional(),
  status: z.string().optional(),
  orgId: z.number().optional(),
  title: z.string().max(100_000).optional(),
  message: z.string().max(500_000).optional(),
  externalURL: z.string().optional(),
  alerts: z
    .array(
      z.looseObject({
        status: z.enum(['firing', 'resolved']),
        labels: labelsSchema,
        annotations: labelsSchema.default({}),
        startsAt: z.iso.datetime({ offset: true }).optional(),
        generatorURL: z.string().optional(),
        fingerprint: z.string().min(1).max(500),
        silenceURL: z.string().optional(),
        dashboardURL: z.string().optional(),
        panelURL: z.string().optional(),
        imageURL: z.string().optional(),
        values: z.record(z.string(), z.unknown()).nullish(),
        valueString: z.string().optional(),
      }),
    )
    .min(1, 'at least one alert')
    .max(ALERTS_PER_PAYLOAD, `at most ${ALERTS_PER_PAYLOAD} alerts in one payload`),
});

/** Each alert on its own; Grafana's fingerprint identifies the problem. */
export function fromGrafana(payload: z.infer<typeof grafanaSchema>): IncomingAlert[] {
  return payload.alerts.map((alert) => {
    const { labels, annotations } = alert;
    return makeAlert({
      source: 'grafana',
      status: alert.status,
      alertType: labels.alertname ?? null,
      title: [labels.alertname ?? 'Grafana alert', subjectOf(labels)].filter(Boolean).join(' · '),
      severity: labels.severity ?? labels.priority ?? null,
      fingerprint: alert.fingerprint,
      labels,
      annotations,
      data: asData({
        status: alert.status,
        labels,
        annotations,
        startsAt: alert.startsAt,
        values: alert.values,
        valueString: alert.valueString,
        generatorURL: alert.generatorURL,
        dashboardURL: alert.dashboardURL,
        panelURL: alert.panelURL,
      }),
      startsAt: asIsoTime(alert.startsAt),
    });
  });
}
