import { runbook } from '../runbook.ts';

const LINE = '{"time":"{ts}",';

const LIMITS = { requests: { cpu: '100m', memory: '192Mi' }, limits: { cpu: '500m', memory: '256Mi' } };
const probe = (periodSeconds: number) => ({
  httpGet: { path: '/healthz', port: 'http', scheme: 'HTTP' },
  periodSeconds,
  timeoutSeconds: 1,
  failureThreshold: 3,
});

/** A merge patch replaces the list of containers, so the whole container is given. */
const release = (version: string) => ({
  name: 'recommendations',
  image: `registry.acme.dev/shop/recommendations:${version}`,
  ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
  resources: LIMITS,
  readinessProbe: probe(10),
  livenessProbe: { ...probe(20), initialDelaySeconds: 15 },
});

/** A new version caches every user's vectors for ever: its heap grows until the limit of 256Mi. */
export default {
  id: 'oom-kill-growing-heap',
  title: 'Recommendations is OOM killed again and again since v2.8.0',
  description:
    'Version v2.8.0 keeps every model vector in memory. The heap grows to the limit of 256Mi and the kernel kills the container.',
  ageMs: 22 * 60_000,
  namespace: 'shop',
  podLabels: { 'app.kubernetes.io/name': 'recommendations' },
  programs: [
    {
      image: 'registry.acme.dev/shop/recommendations:v2.8.0',
      sizeMiB: 96,
      startupMs: 3_000,
      listens: [8080, 9090],
      memory: { baseMiB: 120, growthMiBPerSecond: 1.6 },
      cpuMillicores: 110,
      logs: {
        startup: [
          `${LINE}"level":"INFO","msg":"starting recommendations","version":"v2.8.0"}`,
          `${LINE}"level":"INFO","msg":"vector cache enabled","eviction":"none","max_entries":0}`,
          `${LINE}"level":"INFO","msg":"http server listening","addr":":8080"}`,
        ],
        steady: [
          {
            everyMs: 2_500,
            lines: [
              `${LINE}"level":"INFO","msg":"request","route":"GET /v1/recommendations/:user","status":200,"duration_ms":{ms},"trace_id":"{id}"}`,
            ],
          },
          {
            everyMs: 10_000,
            lines: [`${LINE}"level":"WARN","msg":"vector cache grows","heap_mib":{mem},"evicted":0}`],
          },
        ],
      },
    },
  ],
  apply: [
    {
      action: 'patch',
      resource: 'deployments',
      namespace: 'shop',
      name: 'recommendations',
      patch: {
        metadata: { annotations: { 'kubernetes.io/change-cause': 'release v2.8.0: in-memory vector cache' } },
        spec: { template: { spec: { containers: [release('v2.8.0')] } } },
      },
    },
  ],
  revert: [
    {
      action: 'patch',
      resource: 'deployments',
      namespace: 'shop',
      name: 'recommendations',
      patch: {
        metadata: { annotations: { 'kubernetes.io/change-cause': 'rollback to v2.7.4' } },
        spec: { template: { spec: { containers: [release('v2.7.4')] } } },
      },
    },
  ],
  ruleOrigin: 'custom',
  alerts: [
    {
      labels: {
        alertname: 'KubeContainerOOMKilled',
        namespace: 'shop',
        pod: '{pod}',
        container: 'recommendations',
        reason: 'OOMKilled',
        job: 'kube-state-metrics',
        severity: 'warning',
        rule_origin: 'custom',
      },
      annotations: {
        description:
          'Container recommendations of pod shop/{pod} was OOMKilled and restarted in the last 10 minutes.',
        runbook_url: runbook('kubepodcrashlooping'),
        summary: 'Container was OOMKilled.',
      },
      generatorQuery:
        '(kube_pod_container_status_restarts_total - kube_pod_container_status_restarts_total offset 10m >= 1) and ignoring(reason) min_over_time(kube_pod_container_status_last_terminated_reason{reason="OOMKilled"}[10m]) == 1',
    },
  ],
  rootCause: {
    summary:
      'The container of recommendations v2.8.0 grows its heap past the memory limit of 256Mi and is OOMKilled (exit code 137).',
    keywords: [['OOMKilled', 'out of memory', 'OOM'], ['256Mi', 'memory limit'], ['recommendations']],
  },
};
