import { createHash } from 'node:crypto';
import type { AlertmanagerPayload, Incident } from './schema.ts';

const ALERTMANAGER = 'http://alertmanager.observability.svc:9093';
const PROMETHEUS = 'http://prometheus.observability.svc:9090';
/** What every alert of this Prometheus carries (external labels). */
const EXTERNAL_LABELS = { cluster: 'shop-eu-central-1', prometheus: 'observability/k8s' };
const NEVER = '0001-01-01T00:00:00Z';

function fill(texts: Record<string, string>, pod: string): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text.replaceAll('{pod}', pod)]));
}

/** Entries that all maps share. */
function common(maps: Record<string, string>[]): Record<string, string> {
  const [first = {}, ...rest] = maps;
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) => rest.every((map) => map[key] === value)),
  );
}

/** Stable per label set; Prometheus uses FNV-1a over the sorted labels, any stable digest serves a receiver. */
function fingerprintOf(labels: Record<string, string>): string {
  const text = Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flat()
    .join('\xff');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/**
 * The webhook payload (version 4) Alertmanager would send for an incident.
 * @param facts pod: the pod the alert names; startsAtMs: when it began to fire; status: firing or resolved
 */
export function renderAlert(
  incident: Pick<Incident, 'alerts'>,
  facts: { pod: string; startsAtMs: number; status?: 'firing' | 'resolved'; nowMs?: number },
): AlertmanagerPayload {
  const status = facts.status ?? 'firing';
  const alerts = incident.alerts.map((template) => {
    const labels = { ...EXTERNAL_LABELS, ...fill(template.labels, facts.pod) };
    return {
      status,
      labels,
      annotations: fill(template.annotations, facts.pod),
      startsAt: new Date(facts.startsAtMs).toISOString(),
      endsAt: status === 'firing' ? NEVER : new Date(facts.nowMs ?? facts.startsAtMs).toISOString(),
      generatorURL: `${PROMETHEUS}/graph?g0.expr=${encodeURIComponent(template.generatorQuery)}&g0.tab=1`,
      fingerprint: fingerprintOf(labels),
    };
  });
  const commonLabels = common(alerts.map((alert) => alert.labels));
  const keys = ['alertname', 'namespace'].filter((key) => commonLabels[key] !== undefined);
  const groupLabels = Object.fromEntries(keys.map((key) => [key, commonLabels[key] ?? '']));
  const groupText = Object.entries(groupLabels)
    .map(([key, value]) => `${key}="${value}"`)
    .join(', ');
  return {
    version: '4',
    groupKey: `{}/{severity=~"warning|critical"}:{${groupText}}`,
    truncatedAlerts: 0,
    status,
    receiver: 'tars',
    groupLabels,
    commonLabels,
    commonAnnotations: common(alerts.map((alert) => alert.annotations)),
    externalURL: ALERTMANAGER,
    alerts,
  };
}
