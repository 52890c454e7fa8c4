import { runbook } from '../runbook.ts';

const LINE = '{"time":"{ts}",';
const container = (version: string) => ({
  name: 'report-builder',
  image: `registry.acme.dev/analytics/report-builder:${version}`,
  ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
  resources: { requests: { cpu: '200m', memory: '256Mi' } },
  readinessProbe: {
    httpGet: { path: '/healthz', port: 'http', scheme: 'HTTP' },
    periodSeconds: 10,
    timeoutSeconds: 1,
    failureThreshold: 3,
  },
});

/** A batch workload without a memory limit fills its node; the kubelet evicts it, it returns, and so on. */
export default {
  id: 'node-memory-pressure',
  title: 'worker-4 is under memory pressure and evicts pods',
  description:
    'report-builder v1.4.0 loads whole tables into memory and has no memory limit. It fills worker-4 again and again; the kubelet evicts it each time.',
  ageMs: 20 * 60_000,
  namespace: 'analytics',
  podLabels: { 'app.kubernetes.io/name': 'report-builder' },
  programs: [
    {
      image: 'registry.acme.dev/analytics/report-builder:v1.4.0',
      sizeMiB: 214,
      startupMs: 4_000,
      listens: [8080],
      memory: { baseMiB: 300, growthMiBPerSecond: 8 },
      cpuMillicores: 900,
      logs: {
        startup: [
          `${LINE}"level":"INFO","msg":"report builder ready","version":"v1.4.0","window_days":365,"streaming":false}`,
        ],
        steady: [
          {
            everyMs: 4_000,
            lines: [
              `${LINE}"level":"INFO","msg":"loaded partition into memory","partition":{n},"rows":1204882,"heap_mib":{mem}}`,
            ],
          },
        ],
      },
    },
  ],
  apply: [
    {
      action: 'patch',
      resource: 'deployments',
      namespace: 'analytics',
      name: 'report-builder',
      patch: {
        metadata: { annotations: { 'kubernetes.io/change-cause': 'yearly report, v1.4.0' } },
        spec: { replicas: 2, template: { spec: { containers: [container('v1.4.0')] } } },
      },
    },
  ],
  revert: [
    {
      action: 'patch',
      resource: 'deployments',
      namespace: 'analytics',
      name: 'report-builder',
      patch: {
        metadata: { annotations: { 'kubernetes.io/change-cause': 'rollback to v1.3.0' } },
        spec: { replicas: 1, template: { spec: { containers: [container('v1.3.0')] } } },
      },
    },
  ],
  ruleOrigin: 'kube-prometheus',
  alerts: [
    {
      labels: {
        alertname: 'KubeNodePressure',
        node: 'worker-4',
        condition: 'MemoryPressure',
        job: 'kube-state-metrics',
        severity: 'info',
      },
      annotations: {
        description:
          'worker-4 on cluster shop-eu-central-1 has active Condition MemoryPressure. This is caused by resource usage exceeding eviction thresholds.',
        runbook_url: runbook('kubenodepressure'),
        summary: 'Node has as active Condition.',
      },
      generatorQuery:
        'kube_node_status_condition{job="kube-state-metrics",condition=~"(MemoryPressure|DiskPressure|PIDPressure)",status="true"} == 1',
    },
    {
      labels: {
        alertname: 'KubeNodeEviction',
        node: 'worker-4',
        eviction_signal: 'memory.available',
        severity: 'info',
      },
      annotations: {
        description:
          'Node worker-4 on shop-eu-central-1 is evicting Pods due to memory.available. Eviction occurs when eviction thresholds are crossed, typically caused by Pods exceeding RAM/ephemeral-storage limits.',
        runbook_url: runbook('kubenodeeviction'),
        summary: 'Node is evicting pods.',
      },
      generatorQuery:
        'sum(rate(kubelet_evictions{job="kubelet"}[15m])) by (cluster, eviction_signal, instance) > 0',
    },
  ],
  rootCause: {
    summary:
      'Pods of analytics/report-builder have no memory limit and use far more than their request of 256Mi; they fill worker-4, which comes under memory pressure and evicts them.',
    keywords: [['report-builder'], ['worker-4'], ['memory'], ['evict', 'pressure']],
  },
};
