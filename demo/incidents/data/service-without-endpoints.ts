import { runbook } from '../runbook.ts';

/** The Service's targetPort was renamed to a port name that no container of its pods declares. */
export default {
  id: 'service-without-endpoints',
  title: 'The catalog Service has no endpoints after a port change',
  description:
    'The targetPort of Service catalog was changed to "http-api"; the pods call their port "http", so no pod is an endpoint any more.',
  ageMs: 14 * 60_000,
  namespace: 'shop',
  podLabels: { 'app.kubernetes.io/name': 'catalog' },
  apply: [
    {
      action: 'patch',
      resource: 'services',
      namespace: 'shop',
      name: 'catalog',
      patch: { spec: { ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 'http-api' }] } },
    },
  ],
  revert: [
    {
      action: 'patch',
      resource: 'services',
      namespace: 'shop',
      name: 'catalog',
      patch: { spec: { ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 'http' }] } },
    },
  ],
  ruleOrigin: 'kube-prometheus',
  alerts: [
    {
      labels: {
        alertname: 'TargetDown',
        namespace: 'shop',
        service: 'catalog',
        job: 'catalog',
        severity: 'warning',
      },
      annotations: {
        description: '100% of the catalog/catalog targets in shop namespace are down.',
        runbook_url: runbook('targetdown').replace('/kubernetes/', '/general/'),
        summary: 'One or more targets are unreachable.',
      },
      generatorQuery:
        '100 * (count(up == 0) by (cluster, job, namespace, service) / count(up) by (cluster, job, namespace, service)) > 10',
    },
  ],
  rootCause: {
    summary:
      'Service shop/catalog has targetPort "http-api", which no container of the selected pods declares (they declare "http"), so it has no endpoints.',
    keywords: [['catalog'], ['http-api', 'targetPort', 'target port'], ['endpoint']],
  },
};
