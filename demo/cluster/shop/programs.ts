import type { Program } from '../programs/program.ts';

/** What the shop's images do: the in-house registry's, then the public ones. */

const REGISTRY = 'registry.acme.dev';
/** This registry has exactly the images that are described here: another tag is "not found". */
export const strictRegistries = [REGISTRY];

const json = (fields: string) => `{"time":"{ts}",${fields}}`;
const info = (message: string, extra = '') => json(`"level":"INFO","msg":"${message}"${extra}`);

function webService(
  name: string,
  tag: string,
  port: number,
  routes: string[],
  extra: Partial<Program> = {},
): Program {
  return {
    image: `${REGISTRY}/shop/${name}:${tag}`,
    sizeMiB: 92,
    startupMs: 3_000,
    listens: [port, 9090],
    memory: { baseMiB: 110 },
    cpuMillicores: 45,
    logs: {
      startup: [
        info(`starting ${name}`, `,"version":"${tag}"`),
        info('configuration loaded', ',"source":"environment"'),
        info('http server listening', `,"addr":":${port}"`),
      ],
      steady: [
        {
          everyMs: 2_500,
          lines: routes.map((route) =>
            info('request', `,"route":"${route}","status":200,"duration_ms":{ms},"trace_id":"{id}"`),
          ),
        },
        { everyMs: 60_000, lines: [info('runtime stats', ',"heap_mib":{mem},"goroutines":41')] },
      ],
    },
    ...extra,
  };
}

const missing = (variable: string, secret: string) => [
  json(
    `"level":"ERROR","msg":"invalid configuration","error":"required environment variable ${variable} is not set","hint":"expected key ${variable} in secret ${secret}"`,
  ),
  `panic: config: required environment variable ${variable} is not set`,
  '',
  'goroutine 1 [running]:',
  'main.mustLoadConfig(...)',
  '\t/src/cmd/server/config.go:58',
  'main.main()',
  '\t/src/cmd/server/main.go:31 +0x1d4',
];

export const shopPrograms: Program[] = [
  webService('storefront', 'v3.14.1', 3000, ['GET /', 'GET /product/:id', 'GET /search', 'POST /cart'], {
    memory: { baseMiB: 180 },
  }),
  webService('catalog', 'v1.22.0', 8080, ['GET /v1/products', 'GET /v1/products/:id', 'GET /v1/categories']),
  webService('cart', 'v2.4.1', 8080, ['GET /v1/cart', 'PUT /v1/cart/items', 'DELETE /v1/cart/items/:id'], {
    memory: { baseMiB: 75 },
  }),
  webService('checkout', 'v4.7.3', 8080, ['POST /v1/checkout', 'GET /v1/checkout/:id'], {
    requires: [{ env: 'DATABASE_URL', exitCode: 2, lines: missing('DATABASE_URL', 'checkout-database') }],
  }),
  webService('orders', 'v2.11.5', 8080, ['GET /v1/orders', 'POST /v1/orders', 'GET /v1/orders/:id'], {
    requires: [{ env: 'DATABASE_URL', exitCode: 2, lines: missing('DATABASE_URL', 'orders-database') }],
  }),
  webService('payments', 'v1.9.0', 8443, ['POST /v1/charges', 'GET /v1/charges/:id'], {
    requires: [
      {
        file: '/etc/payments/credentials/api-key',
        exitCode: 1,
        lines: [
          json(
            '"level":"FATAL","msg":"cannot read credentials","error":"open /etc/payments/credentials/api-key: no such file or directory"',
          ),
        ],
      },
    ],
  }),
  webService('recommendations', 'v2.7.4', 8080, ['GET /v1/recommendations/:user'], {
    memory: { baseMiB: 150 },
  }),
  webService('notifications', 'v1.5.2', 8080, ['POST /v1/mail', 'POST /v1/push'], {
    memory: { baseMiB: 60 },
    cpuMillicores: 12,
  }),
  {
    image: `${REGISTRY}/shop/orders-reconcile:v2.11.5`,
    sizeMiB: 70,
    startupMs: 500,
    listens: [],
    memory: { baseMiB: 48 },
    cpuMillicores: 120,
    exits: {
      afterMs: 21_000,
      exitCode: 0,
      lines: [info('reconciliation finished', ',"checked":1284,"differences":0')],
    },
    logs: {
      startup: [info('reconciling orders of the last hour')],
      steady: [{ everyMs: 5_000, lines: [info('batch checked', ',"batch":{n}')] }],
    },
  },
  {
    image: `${REGISTRY}/analytics/event-collector:v0.19.3`,
    sizeMiB: 64,
    startupMs: 2_000,
    listens: [8080],
    memory: { baseMiB: 130 },
    cpuMillicores: 60,
    logs: {
      startup: [info('collector ready', ',"topic":"shop-events"')],
      steady: [{ everyMs: 5_000, lines: [info('flushed', ',"events":{n},"duration_ms":{ms}')] }],
    },
  },
  {
    image: `${REGISTRY}/analytics/report-builder:v1.3.0`,
    sizeMiB: 210,
    startupMs: 4_000,
    listens: [8080],
    memory: { baseMiB: 190 },
    cpuMillicores: 140,
    logs: {
      startup: [info('report builder ready', ',"window_days":7')],
      steady: [
        {
          everyMs: 20_000,
          lines: [info('report written', ',"report":"sales-by-hour","rows":48213,"heap_mib":{mem}')],
        },
      ],
    },
  },
];

function publicImage(
  image: string,
  sizeMiB: number,
  listens: number[],
  baseMiB: number,
  cpu: number,
  startup: string[],
  steady: string[],
  everyMs = 30_000,
): Program {
  return {
    image,
    sizeMiB,
    startupMs: 2_000,
    listens,
    memory: { baseMiB },
    cpuMillicores: cpu,
    logs: { startup, steady: [{ everyMs, lines: steady }] },
  };
}

export const platformPrograms: Program[] = [
  publicImage(
    'docker.io/library/postgres:16.4',
    152,
    [5432],
    340,
    80,
    [
      '{ts} [1] LOG:  starting PostgreSQL 16.4 on x86_64-pc-linux-gnu',
      '{ts} [1] LOG:  listening on IPv4 address "0.0.0.0", port 5432',
      '{ts} [1] LOG:  database system is ready to accept connections',
    ],
    [
      '{ts} [27] LOG:  checkpoint starting: time',
      '{ts} [27] LOG:  checkpoint complete: wrote {n} buffers (0.4%); write={ms} s, sync=0.004 s',
    ],
    150_000,
  ),
  publicImage(
    'docker.io/library/redis:7.4.1',
    45,
    [6379],
    52,
    18,
    ['1:M {ts} * Server initialized', '1:M {ts} * Ready to accept connections tcp'],
    [
      '1:M {ts} * 100 changes in 300 seconds. Saving...',
      '1:M {ts} * Background saving terminated with success',
    ],
    300_000,
  ),
  publicImage(
    'quay.io/prometheus/prometheus:v2.54.1',
    102,
    [9090],
    620,
    110,
    [
      'ts={ts} caller=main.go:627 level=info msg="Starting Prometheus Server"',
      'ts={ts} caller=main.go:1147 level=info msg="Server is ready to receive web requests."',
    ],
    ['ts={ts} caller=compact.go:576 level=info component=tsdb msg="write block" duration={ms}ms'],
    7_200_000,
  ),
  publicImage(
    'quay.io/prometheus/node-exporter:v1.8.2',
    13,
    [9100],
    18,
    5,
    ['ts={ts} caller=tls_config.go:313 level=info msg="Listening on" address=[::]:9100'],
    ['ts={ts} level=debug msg="collector succeeded" name=meminfo duration_seconds=0.0002'],
    300_000,
  ),
  publicImage(
    'registry.k8s.io/ingress-nginx/controller:v1.11.2',
    105,
    [80, 443, 10254],
    140,
    35,
    [
      'I {ts} controller.go:213] "Configuration changes detected, backend reload required"',
      'I {ts} controller.go:230] "Backend successfully reloaded"',
    ],
    [
      '198.51.100.7 - - [{ts}] "GET /product/{n} HTTP/2.0" 200 8421 "-" "Mozilla/5.0" 412 0.031 [shop-storefront-http] [] {id}',
    ],
    3_000,
  ),
  publicImage(
    'registry.k8s.io/coredns/coredns:v1.12.0',
    17,
    [53, 8080, 8181, 9153],
    24,
    6,
    ['.:53', '[INFO] plugin/reload: Running configuration SHA512 = {id}', 'CoreDNS-1.12.0'],
    [
      '[INFO] 10.244.1.17:41202 - {n} "A IN catalog.shop.svc.cluster.local. udp 49 false 512" NOERROR qr,aa,rd 96 0.0001s',
    ],
    120_000,
  ),
  publicImage(
    'registry.k8s.io/kube-proxy:v1.33.4',
    34,
    [10249, 10256],
    22,
    3,
    [
      'I {ts} server.go:715] "Version info" version="v1.33.4"',
      'I {ts} proxier.go:806] "SyncProxyRules complete"',
    ],
    ['I {ts} proxier.go:806] "SyncProxyRules complete" elapsed="{ms}ms"'],
    600_000,
  ),
  publicImage(
    'registry.k8s.io/metrics-server/metrics-server:v0.7.2',
    19,
    [10250],
    34,
    7,
    [
      'I {ts} serving.go:374] "Generated self-signed cert"',
      'I {ts} secure_serving.go:213] "Serving securely on [::]:10250"',
    ],
    ['I {ts} scraper.go:140] "Scraped" nodes=4 duration="{ms}ms"'],
    600_000,
  ),
];
