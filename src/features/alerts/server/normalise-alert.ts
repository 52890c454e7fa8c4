import type { AlertmanagerPayload, IncomingAlert, PostAlert } from '../schema.ts';

/** Our own alert format as an incoming alert. */
export function fromPostAlert(alert: PostAlert): IncomingAlert {
  const data = typeof alert.data === 'string' ? alert.data : JSON.stringify(alert.data, null, 2);
  return {
    source: 'api',
    status: 'firing',
    alertType: alert.alertType ?? null,
    title: alert.title ?? null,
    severity: alert.severity ?? alert.labels?.severity ?? null,
    fingerprint: alert.fingerprint ?? null,
    labels: alert.labels ?? {},
    annotations: {},
    data,
    startsAt: null,
    runbook: alert.runbook ?? null,
    mcp: alert.mcp ?? null,
    idempotencyKey: alert.idempotencyKey ?? null,
  };
}

/** Each alert of an Alertmanager payload on its own; the sender's fingerprint identifies the problem. */
export function fromAlertmanager(payload: AlertmanagerPayload): IncomingAlert[] {
  return payload.alerts.map((alert) => {
    const { labels, annotations } = alert;
    const name = labels.alertname ?? 'Alert';
    return {
      source: 'alertmanager',
      status: alert.status,
      alertType: labels.alertname ?? null,
      title: [name, subjectOf(labels)].filter(Boolean).join(' · '),
      severity: labels.severity ?? null,
      fingerprint: alert.fingerprint,
      labels,
      annotations,
      data: JSON.stringify(
        {
          status: alert.status,
          labels,
          annotations,
          startsAt: alert.startsAt,
          generatorURL: alert.generatorURL,
        },
        null,
        2,
      ),
      startsAt: new Date(alert.startsAt).toISOString(),
      runbook: null,
      mcp: null,
      idempotencyKey: null,
    };
  });
}

const SUBJECT_LABELS = [
  'deployment',
  'statefulset',
  'daemonset',
  'job_name',
  'persistentvolumeclaim',
  'pod',
  'service',
  'node',
  'instance',
];

/** `namespace/workload` as far as the labels tell. */
export function subjectOf(labels: Record<string, string>): string {
  const key = SUBJECT_LABELS.find((label) => labels[label]);
  const subject = key ? labels[key] : undefined;
  return [labels.namespace, subject].filter(Boolean).join('/');
}
