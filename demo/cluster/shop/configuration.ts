import { configMap, type Manifest, secret } from './workloads.ts';

const REGISTRY = 'registry.acme.dev';

const image = (path: string) => `${REGISTRY}/${path}`;

const databaseUrl = (name: string) => ({
  DATABASE_URL: `postgres://${name}:simulated-password@postgres.data.svc:5432/${name}`,
  DATABASE_POOL_SIZE: '20',
});

export const configuration: Manifest[] = [
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

export const storageClasses: Manifest[] = ['gp3', 'gp2'].map((name) => ({
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

export const extras: Manifest[] = [
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
