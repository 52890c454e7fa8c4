import { runbook } from '../runbook.ts';

const LABELS = { 'app.kubernetes.io/name': 'search-index' };

/** A new StatefulSet asks for a storage class this cluster does not have. */
export default {
  id: 'claim-missing-storage-class',
  title: 'The new search index never starts: its claim stays pending',
  description:
    'StatefulSet search-index claims storage of class "fast-ssd", which does not exist; the claim stays Pending and the pod cannot be scheduled.',
  ageMs: 24 * 60_000,
  namespace: 'data',
  podLabels: LABELS,
  programs: [
    {
      image: 'docker.io/opensearchproject/opensearch:2.17.1',
      sizeMiB: 860,
      startupMs: 12_000,
      listens: [9200, 9300],
      memory: { baseMiB: 900 },
      cpuMillicores: 180,
      logs: {
        startup: ['[{ts}][INFO ][o.o.n.Node] [{pod}] started'],
        steady: [
          { everyMs: 60_000, lines: ['[{ts}][INFO ][o.o.j.s.JobSweeper] [{pod}] Running full sweep'] },
        ],
      },
    },
  ],
  apply: [
    {
      action: 'create',
      resource: 'services',
      object: {
        metadata: { name: 'search-index', namespace: 'data', labels: LABELS },
        spec: {
          type: 'ClusterIP',
          clusterIP: 'None',
          selector: LABELS,
          ports: [{ name: 'http', port: 9200, protocol: 'TCP', targetPort: 'http' }],
        },
      },
    },
    {
      action: 'create',
      resource: 'statefulsets',
      object: {
        metadata: { name: 'search-index', namespace: 'data', labels: LABELS },
        spec: {
          replicas: 1,
          serviceName: 'search-index',
          selector: { matchLabels: LABELS },
          template: {
            metadata: { labels: LABELS },
            spec: {
              containers: [
                {
                  name: 'opensearch',
                  image: 'docker.io/opensearchproject/opensearch:2.17.1',
                  ports: [{ name: 'http', containerPort: 9200, protocol: 'TCP' }],
                  resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '2Gi' } },
                  volumeMounts: [{ name: 'data', mountPath: '/usr/share/opensearch/data' }],
                },
              ],
            },
          },
          volumeClaimTemplates: [
            {
              metadata: { name: 'data' },
              spec: {
                accessModes: ['ReadWriteOnce'],
                storageClassName: 'fast-ssd',
                resources: { requests: { storage: '100Gi' } },
              },
            },
          ],
        },
      },
    },
  ],
  revert: [
    { action: 'delete', resource: 'statefulsets', namespace: 'data', name: 'search-index' },
    { action: 'delete', resource: 'services', namespace: 'data', name: 'search-index' },
    { action: 'delete', resource: 'persistentvolumeclaims', namespace: 'data', name: 'data-search-index-0' },
  ],
  ruleOrigin: 'kube-prometheus',
  alerts: [
    {
      labels: { alertname: 'KubePodNotReady', namespace: 'data', pod: '{pod}', severity: 'warning' },
      annotations: {
        description:
          'Pod data/{pod} has been in a non-ready state for longer than 15 minutes on cluster shop-eu-central-1.',
        runbook_url: runbook('kubepodnotready'),
        summary: 'Pod has been in a non-ready state for more than 15 minutes.',
      },
      generatorQuery:
        'sum by (namespace, pod, cluster) (max by (namespace, pod, cluster) (kube_pod_status_phase{phase=~"Pending|Unknown|Failed"})) > 0',
    },
  ],
  rootCause: {
    summary:
      'PersistentVolumeClaim data/data-search-index-0 asks for storage class "fast-ssd", which does not exist.',
    keywords: [
      ['fast-ssd'],
      ['storage class', 'storageclass', 'storageClassName'],
      ['claim', 'PVC', 'PersistentVolumeClaim'],
    ],
  },
};
