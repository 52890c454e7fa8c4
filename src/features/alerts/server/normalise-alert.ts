import { storable, storableJson } from '#src/lib/storable-text.ts';
import type { AlertmanagerPayload, IncomingAlert, PostAlert } from '../schema.ts';
import { TITLE_MAX_CHARS } from './tunables.ts';

/** Our own alert format as an incoming alert. */
export function fromPostAlert(alert: PostAlert): IncomingAlert {
  const data = typeof alert.data === 'string' ? alert.data : JSON.stringify(alert.data, null, 2);
  return {
    source: 'api',
    status: 'firing',
    alertType: alert.alertType ?? null,
    title: alert.title ?? titleFromText(data, alert.alertType),
    severity: alert.severity ?? alert.labels?.severity ?? null,
    fingerprint: alert.fingerprint ?? null,
    labels: storableJson(alert.labels ?? {}),
    annotations: {},
    data: storable(data),
    startsAt: null,
    runbook: alert.runbook ?? null,
    mcp: alert.mcp ?? null,
    idempotencyKey: alert.idempotencyKey ?? null,
  };
}

/** Each alert of an Alertmanager payload on its own; the sender's fingerprint identifies the problem. */
export function fromAlertmanager(payload: AlertmanagerPayload): IncomingAlert[] {
  return payload.alerts.map((alert) => {
    const labels = storableJson(alert.labels);
    const annotations = storableJson(alert.annotations);
    const name = labels.alertname ?? 'Alert';
    return {
      source: 'alertmanager',
      status: alert.status,
      alertType: labels.alertname ?? null,
      title: cut([name, subjectOf(labels)].filter(Boolean).join(' · ')),
      severity: labels.severity ?? null,
      fingerprint: alert.fingerprint,
      labels,
      annotations,
      data: storable(
        JSON.stringify(
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
function subjectOf(labels: Record<string, string>): string {
  const key = SUBJECT_LABELS.find((label) => labels[label]);
  const subject = key ? labels[key] : undefined;
  return [labels.namespace, subject].filter(Boolean).join('/');
}

function titleFromText(data: string, alertType: string | undefined): string {
  const firstLine = data.split('\n').find((line) => /[\p{L}\p{N}]/u.test(line)) ?? '';
  const isProse = firstLine.trim() !== '' && !/^[\s[{"]/.test(data);
  return cut(isProse ? firstLine.trim() : (alertType ?? 'Alert'));
}

const cut = (title: string) =>
  title.length > TITLE_MAX_CHARS ? `${title.slice(0, TITLE_MAX_CHARS - 1)}…` : title;
