import {
  configMap,
  daemonSet,
  deployment,
  type Manifest,
  secret,
  service,
  statefulSet,
  type WorkloadSpec,
} from './workloads.ts';

const REGISTRY = 'registry.acme.dev';
const NAMESPACES = [
  'default',
  'kube-system',
  'kube-node-lease',
  'kube-public',
  'shop',
  'data',
  'analytics',
  'observability',
  'ingress-nginx',
];

/** Four workers; the last one is the batch pool. */
const NODES = [
  { name: 'worker-1', pool: 'general', zone: 'eu-central-1a', memory: '8145576Ki' },
  { name: 'worker-2', pool: 'general', zone: 'eu-central-1b', memory: '8145576Ki' },
  { name: 'worker-3', pool: 'general', zone: 'eu-central-1c', memory: '8145576Ki' },
  { name: 'worker-4', pool: 'batch', zone: 'eu-central-1a', memory: '4030184Ki' },
];

function node(entry: (typeof NODES)[number], index: number): Manifest {
  const allocatable = `${Number.parseInt(entry.memory, 10) - 307_200}Ki`;
  const amounts = { cpu: '4', 'ephemeral-storage': '83873772Ki', pods: '110' };
  const ip = `10.0.${index + 1}.11`;
  return {
    resource: 'nodes',
    object: {
      metadata: {
        name: entry.name,
        labels: {
          'kubernetes.io/arch': 'amd64',
          'kubernetes.io/os': 'linux',
          'kubernetes.io/hostname': entry.name,
          'node-role.kubernetes.io/worker': '',
          'node.kubernetes.io/instance-type': entry.pool === 'batch' ? 'c6i.large' : 'm6i.large',
          'topology.kubernetes.io/region': 'eu-central-1',
          'topology.kubernetes.io/zone': entry.zone,
          pool: entry.pool,
        },
      },
      spec: {
        podCIDR: `10.244.${index + 1}.0/24`,
        podCIDRs: [`10.244.${index + 1}.0/24`],
        providerID: `aws:///${entry.zone}/i-0a4c${index}f2d17e`,
      },
      status: {
        capacity: { ...amounts, memory: entry.memory },
        allocatable: { ...amounts, cpu: '3920m', memory: allocatable },
        addresses: [
          { type: 'InternalIP', address: ip },
          { type: 'Hostname', address: entry.name },
        ],
        nodeInfo: {
          architecture: 'amd64',
          operatingSystem: 'linux',
          osImage: 'Ubuntu 24.04.2 LTS',
          kernelVersion: '6.8.0-1031-aws',
          containerRuntimeVersion: 'containerd://1.7.27',
          kubeletVersion: 'v1.33.4',
          kubeProxyVersion: 'v1.33.4',
        },
      },
    },
  };
}

const image = (path: string) => `${REGISTRY}/${path}`;

/** Workloads with a Service in front, by the kind that runs them. */
export const workloads: { kind: 'deployment' | 'statefulset' | 'daemonset'; spec: WorkloadSpec }[] = [
  {
    kind: 'deployment',
    spec: {
      namespace: 'shop',
      name: 'storefront',
      image: image('shop/storefront:v3.14.1'),
      replicas: 3,
      port: 3000,
      servicePort: 80,
      cpu: ['100m', '500m'],
      memory: ['256Mi', '512Mi'],
      envFromConfigMaps: ['storefront-config'],
    },
  },
  {
    kind: 'deployment',
    spec: {
      namespace: 'shop',
      name: 'catalog',
      image: image('shop/catalog:v1.22.0'),
      replicas: 2,
      port: 8080,
      servicePort: 80,
      cpu: ['100m', '500m'],
      memory: ['192Mi', '384Mi'],
      envFromConfigMaps: ['catalog-config'],
    },
  },
  {
    kind: 'deployment',
    spec: {
      namespace: 'shop',
      name: 'cart',
      image: image('shop/cart:v2.4.1'),
      replicas: 2,
      port: 8080,
      servicePort: 80,
      cpu: ['50m', '250m'],
      memory: ['128Mi', '256Mi'],
      env: { REDIS_ADDR: 'redis.data.svc:6379' },
    },
  },
  {
    kind: 'deployment',
    spec: {
      namespace: 'shop',
      name: 'checkout',
      image: image('shop/checkout:v4.7.3'),
      replicas: 2,
      port: 8080,
      servicePort: 80,
      cpu: ['100m', '500m'],
      memory: ['192Mi', '384Mi'],
      envFromSecrets: ['checkout-database'],
      env: { PAYMENTS_URL: 'https://payments.shop.svc' },
    },
  },
  {
    kind: 'deployment',
    spec: {
      namespace: 'shop',
      name: 'orders',
      image: image('shop/orders:v2.11.5'),
      replicas: 2,
      port: 8080,
      servicePort: 80,
      cpu: ['100m', '500m'],
      memory: ['192Mi', '384Mi'],
      envFromSecrets: ['orders-database'],
    },
  },
  {
    kind: 'deployment',
    spec: {
      namespace: 'shop',
      name: 'payments',
      image: image('shop/payments:v1.9.0'),
      replicas: 2,
      port: 8443,
      servicePort: 443,
      cpu: ['100m', '500m'],
      memory: ['192Mi', '384Mi'],
      secretMount: { secret: 'payments-provider', path: '/etc/payments/credentials' },
    },
  },
  {
    kind: 'deployment',
    spec: {
      namespace: 'shop',
      name: 'recommendations',
      image: image('shop/recommendations:v2.7.4'),
      replicas: 2,
      port: 8080,
      servicePort: 80,
      cpu: ['100m', '500m'],
      memory: ['192Mi', '256Mi'],
    },
  },
  {
    kind: 'deployment',
    spec: {
      namespace: 'shop',
      name: 'notifications',
      image: image('shop/notifications:v1.5.2'),
      replicas: 1,
      port: 8080,
      servicePort: 80,
      cpu: ['25m', '200m'],
      memory: ['96Mi', '192Mi'],
      envFromSecrets: ['notifications-smtp'],
    },
  },
  {
    kind: 'deployment',
    spec: {
      namespace: 'analytics',
      name: 'event-collector',
      image: image('analytics/event-collector:v0.19.3'),
      replicas: 2,
      port: 8080,
      servicePort: 80,
      cpu: ['100m', '400m'],
      memory: ['192Mi', '384Mi'],
      nodeSelector: { pool: 'general' },
    },
  },
  {
    kind: 'deployment',
    spec: {
      namespace: 'analytics',
      name: 'report-builder',
      image: image('analytics/report-builder:v1.3.0'),
      replicas: 1,
      port: 8080,
      servicePort: 80,
      cpu: ['200m', null],
      memory: ['256Mi', null],
      nodeSelector: { pool: 'batch' },
    },
  },
  {
    kind: 'statefulset',
    spec: {
      namespace: 'data',
      name: 'postgres',
      image: 'docker.io/library/postgres:16.4',
      replicas: 1,
      port: 5432,
      cpu: ['250m', '1'],
      memory: ['512Mi', '1Gi'],
      probePath: null,
      envFromSecrets: ['postgres-credentials'],
      claim: { name: 'data', size: '40Gi', storageClass: 'gp3', path: '/var/lib/postgresql/data' },
    },
  },
  {
    kind: 'statefulset',
    spec: {
      namespace: 'data',
      name: 'redis',
      image: 'docker.io/library/redis:7.4.1',
      replicas: 1,
      port: 6379,
      cpu: ['50m', '250m'],
      memory: ['96Mi', '256Mi'],
      probePath: null,
      claim: { name: 'data', size: '8Gi', storageClass: 'gp3', path: '/data' },
    },
  },
  {
    kind: 'statefulset',
    spec: {
      namespace: 'observability',
      name: 'prometheus',
      image: 'quay.io/prometheus/prometheus:v2.54.1',
      replicas: 1,
      port: 9090,
      cpu: ['200m', '1'],
      memory: ['1Gi', '2Gi'],
      probePath: '/-/ready',
      claim: { name: 'storage', size: '60Gi', storageClass: 'gp3', path: '/prometheus' },
    },
  },
  {
    kind: 'daemonset',
    spec: {
      namespace: 'observability',
      name: 'node-exporter',
      image: 'quay.io/prometheus/node-exporter:v1.8.2',
      port: 9100,
      cpu: ['20m', '100m'],
      memory: ['32Mi', '64Mi'],
      probePath: '/',
    },
  },
  {
    kind: 'deployment',
    spec: {
      namespace: 'ingress-nginx',
      name: 'ingress-nginx-controller',
      image: 'registry.k8s.io/ingress-nginx/controller:v1.11.2',
      replicas: 2,
      port: 80,
      cpu: ['100m', '1'],
      memory: ['192Mi', '512Mi'],
      nodeSelector: { pool: 'general' },
    },
  },
  {
    kind: 'deployment',
    spec: {
      namespace: 'kube-system',
      name: 'coredns',
      image: 'registry.k8s.io/coredns/coredns:v1.12.0',
      replicas: 2,
      port: 8080,
      servicePort: 53,
      cpu: ['100m', null],
      memory: ['70Mi', '170Mi'],
      critical: true,
    },
  },
  {
    kind: 'deployment',
    spec: {
      namespace: 'kube-system',
      name: 'metrics-server',
      image: 'registry.k8s.io/metrics-server/metrics-server:v0.7.2',
      replicas: 1,
      port: 10250,
      servicePort: 443,
      cpu: ['100m', null],
      memory: ['200Mi', null],
      critical: true,
    },
  },
  {
    kind: 'daemonset',
    spec: {
      namespace: 'kube-system',
      name: 'kube-proxy',
      image: 'registry.k8s.io/kube-proxy:v1.33.4',
      cpu: ['10m', null],
      memory: ['32Mi', null],
    },
  },
];

const databaseUrl = (name: string) => ({
  DATABASE_URL: `postgres://${name}:simulated-password@postgres.data.svc:5432/${name}`,
  DATABASE_POOL_SIZE: '20',
});

const configuration: Manifest[] = [
  configMap('shop', 'storefront-config', {
    CATALOG_URL: 'http://catalog.shop.svc',
    CART_URL: 'http://cart.shop.svc',
    CHECKOUT_URL: 'http://checkout.shop.svc',
    LOCALE: 'en-GB',
  }),
  configMap('shop', 'catalog-config', {
    CACHE_TTL_SECONDS: '60',
    SEARCH_URL: 'http://search-index.data.svc:9200',
  }),
  secret('shop', 'checkout-database', databaseUrl('checkout')),
  secret('shop', 'orders-database', databaseUrl('orders')),
  secret('shop', 'payments-provider', {
    'api-key': 'sk_test_simulated',
    'webhook-secret': 'whsec_simulated',
  }),
  secret('shop', 'notifications-smtp', { SMTP_HOST: 'smtp.acme.dev', SMTP_PASSWORD: 'simulated-password' }),
  secret('data', 'postgres-credentials', {
    POSTGRES_USER: 'postgres',
    POSTGRES_PASSWORD: 'simulated-password',
  }),
];

const storageClasses: Manifest[] = ['gp3', 'gp2'].map((name) => ({
  resource: 'storageclasses',
  object: {
    metadata: {
      name,
      annotations: name === 'gp3' ? { 'storageclass.kubernetes.io/is-default-class': 'true' } : {},
    },
    provisioner: 'ebs.csi.aws.com',
    parameters: { type: name },
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
    allowVolumeExpansion: true,
  },
}));

const backend = (name: string) => ({
  path: name === 'storefront' ? '/' : `/api/${name}`,
  pathType: 'Prefix',
  backend: { service: { name, port: { name: 'http' } } },
});

const extras: Manifest[] = [
  {
    resource: 'ingresses',
    object: {
      metadata: {
        name: 'shop',
        namespace: 'shop',
        annotations: { 'nginx.ingress.kubernetes.io/proxy-read-timeout': '30' },
      },
      spec: {
        ingressClassName: 'nginx',
        rules: [
          {
            host: 'shop.acme.dev',
            http: { paths: ['catalog', 'cart', 'checkout', 'storefront'].map(backend) },
          },
        ],
        tls: [{ hosts: ['shop.acme.dev'], secretName: 'shop-tls' }],
      },
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.20' }] } },
    },
  },
  {
    resource: 'networkpolicies',
    object: {
      metadata: { name: 'postgres-clients', namespace: 'data' },
      spec: {
        podSelector: { matchLabels: { 'app.kubernetes.io/name': 'postgres' } },
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } }],
            ports: [{ port: 5432, protocol: 'TCP' }],
          },
        ],
      },
    },
  },
  {
    resource: 'horizontalpodautoscalers',
    object: {
      metadata: { name: 'storefront', namespace: 'shop' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'storefront' },
        minReplicas: 3,
        maxReplicas: 8,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
          },
        ],
      },
      status: {
        currentReplicas: 3,
        desiredReplicas: 3,
        currentMetrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', current: { averageUtilization: 34, averageValue: '34m' } },
          },
        ],
      },
    },
  },
  {
    resource: 'poddisruptionbudgets',
    object: {
      metadata: { name: 'checkout', namespace: 'shop' },
      spec: { minAvailable: 1, selector: { matchLabels: { 'app.kubernetes.io/name': 'checkout' } } },
      status: { currentHealthy: 2, desiredHealthy: 1, disruptionsAllowed: 1, expectedPods: 2 },
    },
  },
  {
    resource: 'resourcequotas',
    object: {
      metadata: { name: 'shop', namespace: 'shop' },
      spec: { hard: { 'requests.cpu': '8', 'requests.memory': '16Gi', pods: '60' } },
      status: {
        hard: { 'requests.cpu': '8', 'requests.memory': '16Gi', pods: '60' },
        used: { 'requests.cpu': '1575m', 'requests.memory': '3008Mi', pods: '17' },
      },
    },
  },
  {
    resource: 'cronjobs',
    object: {
      metadata: { name: 'orders-reconcile', namespace: 'shop' },
      spec: {
        schedule: '*/15 * * * *',
        concurrencyPolicy: 'Forbid',
        successfulJobsHistoryLimit: 3,
        jobTemplate: {
          spec: {
            template: {
              metadata: { labels: { 'app.kubernetes.io/name': 'orders-reconcile' } },
              spec: {
                restartPolicy: 'Never',
                containers: [
                  {
                    name: 'orders-reconcile',
                    image: image('shop/orders-reconcile:v2.11.5'),
                    resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
                  },
                ],
              },
            },
          },
        },
      },
    },
  },
];

/** The whole shop, in the order in which it is installed. */
export function shopManifests(): Manifest[] {
  const running = workloads.flatMap(({ kind, spec }, index) => {
    const build = { deployment, statefulset: statefulSet, daemonset: daemonSet }[kind];
    const manifests = [build(spec)];
    if (spec.port !== undefined) manifests.push(service(spec, `10.96.${20 + index}.${10 + index * 7}`));
    return manifests;
  });
  const namespaces: Manifest[] = NAMESPACES.map((name) => ({
    resource: 'namespaces',
    object: { metadata: { name, labels: { 'kubernetes.io/metadata.name': name } } },
  }));
  return [...namespaces, ...NODES.map(node), ...storageClasses, ...configuration, ...running, ...extras];
}
