import { runbook } from '../runbook.ts';

const probe = (periodSeconds: number) => ({
  httpGet: { path: '/healthz', port: 'http', scheme: 'HTTP' },
  periodSeconds,
  timeoutSeconds: 1,
  failureThreshold: 3,
});

const release = (tag: string) => ({
  name: 'storefront',
  image: `registry.acme.dev/shop/storefront:${tag}`,
  ports: [{ name: 'http', containerPort: 3000, protocol: 'TCP' }],
  envFrom: [{ configMapRef: { name: 'storefront-config' } }],
  resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '500m', memory: '512Mi' } },
  readinessProbe: probe(10),
  livenessProbe: { ...probe(20), initialDelaySeconds: 15 },
});

/** A release was deployed with a tag that was never pushed. */
export default {
  id: 'image-pull-wrong-tag',
  title: 'The storefront release cannot pull its image',
  description:
    'The deployment was set to the tag v3.14.2-hotfix, which the registry does not have; the rollout hangs in ImagePullBackOff.',
  ageMs: 18 * 60_000,
  namespace: 'shop',
  podLabels: { 'app.kubernetes.io/name': 'storefront' },
  apply: [
    {
      action: 'patch',
      resource: 'deployments',
      namespace: 'shop',
      name: 'storefront',
      patch: {
        metadata: { annotations: { 'kubernetes.io/change-cause': 'hotfix v3.14.2' } },
        spec: { template: { spec: { containers: [release('v3.14.2-hotfix')] } } },
      },
    },
  ],
  revert: [
    {
      action: 'patch',
      resource: 'deployments',
      namespace: 'shop',
      name: 'storefront',
      patch: {
        metadata: { annotations: { 'kubernetes.io/change-cause': 'rollback to v3.14.1' } },
        spec: { template: { spec: { containers: [release('v3.14.1')] } } },
      },
    },
  ],
  ruleOrigin: 'kube-prometheus',
  alerts: [
    {
      labels: {
        alertname: 'KubeContainerWaiting',
        namespace: 'shop',
        pod: '{pod}',
        container: 'storefront',
        reason: 'ImagePullBackOff',
        job: 'kube-state-metrics',
        severity: 'warning',
      },
      annotations: {
        description:
          'pod/{pod} in namespace shop on container storefront has been in waiting state for longer than 1 hour. (reason: "ImagePullBackOff") on cluster shop-eu-central-1.',
        runbook_url: runbook('kubecontainerwaiting'),
        summary: 'Pod container waiting longer than 1 hour',
      },
      generatorQuery:
        'kube_pod_container_status_waiting_reason{reason!="CrashLoopBackOff",job="kube-state-metrics"} > 0',
    },
  ],
  rootCause: {
    summary:
      'The image registry.acme.dev/shop/storefront:v3.14.2-hotfix does not exist in the registry (tag not found).',
    keywords: [
      ['v3.14.2-hotfix'],
      ['not found', 'does not exist', 'no such', 'unknown tag'],
      ['image', 'tag'],
    ],
  },
};
