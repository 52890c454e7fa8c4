import { describe, expect, it } from 'vitest';
import { gatherFacts } from './gather-facts.ts';
import { isGrowing, listeningPort, memorySeries, scanLog, serviceOfHost } from './log-signatures.ts';
import { workloadOfPodName } from './names.ts';
import { parseTable } from './parse-table.ts';
import { parseObjects } from './parse-yaml.ts';
import { formatBytes, parseCpuMillis, parseMemoryBytes } from './quantities.ts';
import { readAlert } from './read-alert.ts';
import type { Exchange } from './read-conversation.ts';

const exchange = (tool: string, args: Record<string, unknown>, output: string, failed = false): Exchange => ({
  id: `id-${tool}`,
  toolName: `x__${tool}`,
  args,
  output,
  failed,
});
const log = (text: string) => ({
  ref: 'r',
  namespace: 'n',
  pod: 'p',
  container: 'c',
  previous: false,
  lines: text.split('\n'),
});

describe('tables', () => {
  const header =
    'NAMESPACE   APIVERSION   KIND   NAME    READY   STATUS    RESTARTS      AGE   IP           NODE       NOMINATED NODE   READINESS GATES   LABELS';
  const row =
    'shop        v1           Pod    web-0   1/1     Running   3 (12s ago)   9d    10.244.3.1   worker-3   <none>           <none>            app=web,tier=front';

  it('reads cells with single spaces, empty values and labels', () => {
    const [parsed] = parseTable(`${header}\n${row}\n`);
    expect(parsed).toMatchObject({
      namespace: 'shop',
      name: 'web-0',
      kind: 'Pod',
      labels: { app: 'web', tier: 'front' },
    });
    expect(parsed?.cells).toMatchObject({ RESTARTS: '3 (12s ago)', 'NOMINATED NODE': '' });
  });
  it('survives a masked value that shifts the columns, and a cut in the middle', () => {
    const masked = row.replace('10.244.3.1', '[MASKED_IP_ADDRESS]');
    const rows = parseTable(
      `${header}\n${masked}\n… 4,120 characters left out …\nworker-3   <none>\n${row.replace('web-0', 'web-1')}`,
    );
    expect(rows.filter((item) => item.kind === 'Pod').map((item) => item.name)).toEqual(['web-0', 'web-1']);
    expect(rows[0]?.cells.NODE).toBe('worker-3');
  });
});

describe('YAML', () => {
  it('reads lists, several documents, and masked values as text', () => {
    expect(parseObjects('kind: A\ndata:\n  k: [MASKED_SECRET_DATA]\n---\nkind: B')).toEqual([
      { kind: 'A', data: { k: '[MASKED_SECRET_DATA]' } },
      { kind: 'B' },
    ]);
    expect(parseObjects('{"kind":"List","items":[{"kind":"C"}]}')).toEqual([{ kind: 'C' }]);
  });
  it('keeps the good items of a damaged list', () => {
    const items = parseObjects('- Reason: One\n- Reason: "broken\n  : [\n- Reason: Three');
    expect(items.map((item) => item.Reason)).toEqual(expect.arrayContaining(['One', 'Three']));
  });
});

describe('facts of whole results', () => {
  it('tells errors from results, also when they come as text', () => {
    const facts = gatherFacts([
      exchange(
        'resources_get',
        { kind: 'Secret', name: 's', namespace: 'n' },
        'failed to get resource: secrets "s" not found',
      ),
      exchange('pods_log', { name: 'p', namespace: 'n' }, 'error: cannot reach db:5432'),
    ]);
    expect(facts.failures.map((item) => item.reason)).toEqual(['not_found']);
    expect(facts.logs[0]?.lines).toEqual(['error: cannot reach db:5432']);
  });
  it('merges the line of a pod with its object', () => {
    const facts = gatherFacts([
      exchange(
        'pods_get',
        { namespace: 'n', name: 'p' },
        'kind: Pod\nmetadata: {name: p, namespace: n}\nspec: {containers: [{name: c, image: i}]}\nstatus: {phase: Running}',
      ),
      exchange(
        'pods_list',
        {},
        'NAMESPACE   APIVERSION   KIND   NAME   READY   STATUS    RESTARTS   AGE   LABELS\nn           v1           Pod    p      0/1     Running   0          9d    <none>',
      ),
    ]);
    expect(facts.pods).toHaveLength(1);
    expect(facts.pods[0]).toMatchObject({ detailed: true, listRef: 'id-pods_list', status: 'Running' });
  });
  it('keeps key names of a Secret and no values', () => {
    const facts = gatherFacts([
      exchange(
        'resources_get',
        { kind: 'Secret' },
        'kind: Secret\nmetadata: {name: s, namespace: n}\ndata:\n  user: dmFsdWU=\n  token: [MASKED_X]',
      ),
    ]);
    expect(facts.configs[0]?.keys).toEqual(['user', 'token']);
    expect(JSON.stringify(facts)).not.toContain('dmFsdWU=');
  });
  it('does not take a list that was cut for a complete one', () => {
    const table =
      'APIVERSION          KIND           NAME   PROVISIONER\nstorage.k8s.io/v1   StorageClass   gp2    x';
    const cut = `${table}\n[… 900 of 1000 characters are not shown.]\nstorage.k8s.io/v1   StorageClass   gp9    x`;
    const facts = gatherFacts([exchange('resources_list', { kind: 'StorageClass' }, cut)]);
    expect(facts.storageClasses.map((item) => item.name)).toEqual(['gp2', 'gp9']);
    expect(facts.listed[0]?.filtered).toBe(true);
    expect(
      gatherFacts([exchange('resources_list', { kind: 'StorageClass' }, table)]).listed[0]?.filtered,
    ).toBe(false);
  });
  it('ignores results of tools that it does not know', () => {
    expect(gatherFacts([exchange('shell', {}, 'kind: Pod\nmetadata: {name: p}')]).pods).toEqual([]);
  });
});

describe('log lines', () => {
  it.each([
    [
      'panic: config: required environment variable DATABASE_URL is not set',
      'missing_config',
      'DATABASE_URL',
    ],
    ["KeyError: 'SMTP_HOST'", 'missing_config', 'SMTP_HOST'],
    ['Error: missing required key "dsn"', 'missing_config', 'dsn'],
    ['REDIS_PASSWORD must be set', 'missing_config', 'REDIS_PASSWORD'],
    ['config: TTL_SECONDS: strconv.Atoi: parsing "60s": invalid syntax', 'bad_config', 'TTL_SECONDS'],
    [
      '{"level":"FATAL","error":"config: TTL_SECONDS: parsing \\"60s\\": invalid syntax"}',
      'bad_config',
      'TTL_SECONDS',
    ],
    ['ValueError: MAX_CONNS is not a valid number', 'bad_config', 'MAX_CONNS'],
    ['fatal: cannot parse the answer of the server', 'fatal', ''],
    ['open /etc/app/creds/api-key: no such file or directory', 'missing_file', '/etc/app/creds/api-key'],
    ['dial tcp: lookup ledger.bank.svc on 10.96.0.10:53: no such host', 'dns', 'ledger.bank.svc'],
    ['Error: connect ECONNREFUSED postgres.data:5432', 'connection', 'postgres.data:5432'],
    ['failed to connect to redis://cache:6379/0: i/o timeout', 'connection', 'cache:6379'],
    ['java.lang.OutOfMemoryError: Java heap space', 'memory', ''],
  ])('reads "%s"', (line, kind, name) => {
    expect(scanLog(log(line))[0]).toMatchObject({ kind, name });
  });
  it.each([
    '{"level":"INFO","msg":"request","status":200}',
    'LOG:  database system is ready to accept connections',
    'I0101 reloaded',
  ])('finds nothing wrong in "%s"', (line) => {
    expect(scanLog(log(line))).toEqual([]);
  });
  it('follows host names to Services', () => {
    expect(serviceOfHost('db', 'shop')).toEqual({ namespace: 'shop', name: 'db' });
    expect(serviceOfHost('db.data.svc.cluster.local:5432', 'shop')).toEqual({
      namespace: 'data',
      name: 'db',
      port: 5432,
    });
    expect(serviceOfHost('10.0.0.1:80', 'shop')).toBeNull();
    expect(serviceOfHost('api.stripe.com', 'shop')).toBeNull();
  });
  it('sees growth, and ports', () => {
    expect(isGrowing(memorySeries(log('heap=100Mi\n"heap_mib":180\nrss: 300 MB')))).toBe(true);
    expect(isGrowing(memorySeries(log('heap=100Mi\nheap=101Mi\nheap=99Mi')))).toBe(false);
    expect(listeningPort(log('{"msg":"http server listening","addr":":8080"}'))?.port).toBe(8080);
  });
});

describe('quantities and names', () => {
  it('reads and writes quantities', () => {
    expect([
      parseMemoryBytes('256Mi'),
      parseMemoryBytes('1G'),
      parseMemoryBytes('79465Ki'),
      parseMemoryBytes('x'),
    ]).toEqual([268435456, 1e9, 81372160, undefined]);
    expect([parseCpuMillis('250m'), parseCpuMillis('2')]).toEqual([250, 2000]);
    expect(formatBytes(268435456)).toBe('256Mi');
  });
  it.each([
    ['web-5d4f8c7b9-x2x7k', 'web'],
    ['db-0', 'db'],
    ['plain', 'plain'],
    ['kube-proxy-8j99b', 'kube-proxy'],
    ['ingress-nginx-controller-8j99b', 'ingress-nginx-controller'],
  ])('%s belongs to %s', (podName, workload) => {
    expect(workloadOfPodName(podName)).toBe(workload);
  });
});

describe('alerts', () => {
  it('reads labels in JSON, YAML, PromQL and tables', () => {
    for (const text of [
      '{"namespace": "pay", "pod": "api-0"}',
      'namespace: pay\npod: api-0',
      'ALERTS{namespace="pay",pod="api-0"}',
      '| namespace | pay |\n| pod | api-0 |',
    ]) {
      const subject = readAlert(text);
      expect(subject.namespaces, text).toEqual(['pay']);
      expect(subject.objects).toContainEqual({ kind: 'pod', name: 'api-0' });
    }
  });
  it('reads prose', () => {
    const subject = readAlert('The invoices deployment in the pay namespace is down');
    expect(subject.maybeNamespaces).toContain('pay');
    expect(subject.objects).toContainEqual({ kind: 'workload', name: 'invoices' });
  });
  it('stays fast on long hostile text', () => {
    const long = ['a', 'a-', '"', '.', 'pod '].map((unit) => unit.repeat(20_000)).join('\n');
    expect(readAlert(`${long}\nnamespace: pay`).namespaces).toContain('pay');
  });
  it('ignores who measured, and names that are no names', () => {
    const subject = readAlert(
      '{"job":"kube-state-metrics","prometheus":"monitoring/k8s","namespace":"../../etc","pod":"a;rm -rf"}',
    );
    expect(subject.namespaces).toEqual([]);
    expect(subject.objects.map((object) => object.name)).not.toContain('kube-state-metrics');
    expect([...subject.words]).not.toContain('monitoring');
  });
});
