import { runbook } from '../runbook.ts';

/** The database Secret was rewritten with a renamed key; the next rollout of checkout finds no DATABASE_URL. */
export default {
  id: 'crash-loop-missing-secret-key',
  title: 'Checkout crash loops after its database Secret was rotated',
  description:
    'The Secret checkout-database was rotated; its key DATABASE_URL is now called DATABASE_DSN. The restarted checkout exits at once.',
  ageMs: 16 * 60_000,
  namespace: 'shop',
  podLabels: { 'app.kubernetes.io/name': 'checkout' },
  apply: [
    {
      action: 'patch',
      resource: 'secrets',
      namespace: 'shop',
      name: 'checkout-database',
      patch: {
        metadata: { annotations: { 'acme.dev/rotated-by': 'vault-sync' } },
        data: {
          DATABASE_URL: null,
          DATABASE_DSN:
            'cG9zdGdyZXM6Ly9jaGVja291dDpzaW11bGF0ZWRAcG9zdGdyZXMuZGF0YS5zdmM6NTQzMi9jaGVja291dA==',
        },
      },
    },
    {
      action: 'patch',
      resource: 'deployments',
      namespace: 'shop',
      name: 'checkout',
      patch: {
        spec: { template: { metadata: { annotations: { 'acme.dev/secret-checksum': '7f1c9e02' } } } },
      },
    },
  ],
  revert: [
    {
      action: 'patch',
      resource: 'secrets',
      namespace: 'shop',
      name: 'checkout-database',
      patch: {
        metadata: { annotations: { 'acme.dev/rotated-by': null } },
        data: {
          DATABASE_DSN: null,
          DATABASE_URL:
            'cG9zdGdyZXM6Ly9jaGVja291dDpzaW11bGF0ZWRAcG9zdGdyZXMuZGF0YS5zdmM6NTQzMi9jaGVja291dA==',
        },
      },
    },
    {
      action: 'patch',
      resource: 'deployments',
      namespace: 'shop',
      name: 'checkout',
      patch: { spec: { template: { metadata: { annotations: { 'acme.dev/secret-checksum': null } } } } },
    },
  ],
  ruleOrigin: 'kube-prometheus',
  alerts: [
    {
      labels: {
        alertname: 'KubePodCrashLooping',
        namespace: 'shop',
        pod: '{pod}',
        container: 'checkout',
        reason: 'CrashLoopBackOff',
        job: 'kube-state-metrics',
        severity: 'warning',
      },
      annotations: {
        description:
          'Pod shop/{pod} (checkout) is in waiting state (reason: "CrashLoopBackOff") on cluster shop-eu-central-1.',
        runbook_url: runbook('kubepodcrashlooping'),
        summary: 'Pod is crash looping.',
      },
      generatorQuery:
        'max_over_time(kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff",namespace=~".*",job="kube-state-metrics"}[5m]) >= 1',
    },
  ],
  rootCause: {
    summary:
      'The key DATABASE_URL is missing from Secret shop/checkout-database, so the container exits with code 2 on start.',
    keywords: [
      ['DATABASE_URL'],
      ['secret'],
      ['checkout-database'],
      ['missing', 'not set', 'no key', 'lacks', 'absent'],
    ],
  },
};
