import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Cluster, startCluster } from '../cluster/index.ts';
import { alertmanagerPayloadSchema, incidents, loadIncident } from './index.ts';

/** What the real kubernetes-mcp-server shows of all six incidents, going on in one cluster at once. */

const SERVER = new URL('../../node_modules/.bin/kubernetes-mcp-server', import.meta.url).pathname;
const content = z.object({
  content: z.array(z.object({ type: z.string(), text: z.string().default('') })),
  isError: z.boolean().optional(),
});

let cluster: Cluster;
let client: Client;
let directory: string;

beforeAll(async () => {
  cluster = await startCluster({
    incidents: incidents.map((incident) => incident.id),
    seed: 'incidents-test',
  });
  directory = await mkdtemp(join(tmpdir(), 'demo-cluster-'));
  const path = join(directory, 'kubeconfig');
  await cluster.writeKubeconfig(path);
  const transport = new StdioClientTransport({
    command: SERVER,
    args: ['--read-only', '--kubeconfig', path],
    stderr: 'ignore',
  });
  client = new Client({ name: 'incidents-test', version: '1.0.0' });
  await client.connect(transport);
});

afterAll(async () => {
  await client?.close();
  await cluster?.close();
  if (directory) await rm(directory, { recursive: true, force: true });
});

async function call(name: string, args: Record<string, unknown> = {}): Promise<string> {
  const result = content.parse(await client.callTool({ name, arguments: args }));
  return result.content.map((part) => part.text).join('\n');
}

function podOf(namespace: string, pattern: RegExp): string {
  const pods = cluster.store.list('pods', namespace).filter((pod) => pattern.test(JSON.stringify(pod)));
  const name = pods[0]?.metadata.name;
  if (!name) throw new Error(`no pod matches ${pattern}`);
  return name;
}

describe('the data of the incidents', () => {
  it('are six, with distinct ids, and unknown ids name the known ones', () => {
    expect(new Set(incidents.map((incident) => incident.id)).size).toBe(6);
    expect(() => loadIncident('nope')).toThrow(/crash-loop-missing-secret-key/);
  });

  it.each(incidents.map((incident) => incident.id))(
    '%s sends a version 4 payload that names what is there',
    (id) => {
      const payload = alertmanagerPayloadSchema.parse(cluster.alertFor(id));
      const incident = loadIncident(id);
      expect(payload.alerts.length).toBe(incident.alerts.length);
      for (const alert of payload.alerts) {
        expect(JSON.stringify(alert)).not.toContain('{pod}');
        const { pod, namespace, service, node } = alert.labels;
        if (pod) expect(cluster.store.get('pods', namespace, pod)).toBeDefined();
        if (service) expect(cluster.store.get('services', namespace, service)).toBeDefined();
        if (node) expect(cluster.store.get('nodes', undefined, node)).toBeDefined();
        const isCustom = alert.labels.rule_origin === 'custom';
        expect(isCustom).toBe(incident.ruleOrigin === 'custom');
      }
      expect(JSON.stringify(cluster.alertFor(id).alerts.map((alert) => alert.fingerprint))).toBe(
        JSON.stringify(payload.alerts.map((alert) => alert.fingerprint)),
      );
    },
  );
});

describe('kubernetes-mcp-server', () => {
  it('offers its read-only tools', async () => {
    const { tools } = await client.listTools();
    const names = tools.map((tool) => tool.name);
    expect(names).toEqual(
      expect.arrayContaining(['pods_list', 'pods_log', 'events_list', 'resources_get', 'nodes_top']),
    );
    expect(tools.every((tool) => tool.annotations?.readOnlyHint)).toBe(true);
  });

  it('lists pods of all namespaces, healthy ones too', async () => {
    const pods = await call('pods_list');
    for (const status of [
      'CrashLoopBackOff',
      'ImagePullBackOff',
      'Evicted',
      'Pending',
      'Running',
      'Completed',
    ])
      expect(pods).toContain(status);
    expect(pods).toMatch(/payments-\S+\s+1\/1\s+Running\s+0/);
  });

  it('crash loop: the log names the missing key, the Secret lacks it', async () => {
    const name = podOf('shop', /"name":"checkout".*"exitCode":2/);
    const pod = await call('pods_get', { namespace: 'shop', name });
    expect(pod).toContain('reason: CrashLoopBackOff');
    expect(pod).toContain('exitCode: 2');
    expect(Number(/restartCount: (\d+)/.exec(pod)?.[1])).toBeGreaterThan(4);
    const log = await call('pods_log', { namespace: 'shop', name, previous: true });
    expect(log).toContain('required environment variable DATABASE_URL is not set');
    const secret = await call('resources_get', {
      apiVersion: 'v1',
      kind: 'Secret',
      namespace: 'shop',
      name: 'checkout-database',
    });
    expect(secret).toContain('DATABASE_DSN');
    expect(secret).not.toContain('DATABASE_URL');
    expect(await call('events_list', { namespace: 'shop' })).toContain(
      'Back-off restarting failed container checkout',
    );
  });

  it('OOM kill: exit code 137 at the limit, the log shows the heap growing', async () => {
    const name = podOf('shop', /recommendations:v2\.8\.0.*OOMKilled/);
    const pod = await call('pods_get', { namespace: 'shop', name });
    expect(pod).toContain('reason: OOMKilled');
    expect(pod).toContain('exitCode: 137');
    expect(pod).toContain('memory: 256Mi');
    const log = await call('pods_log', { namespace: 'shop', name, previous: true, tail: 200 });
    const heaps = [...log.matchAll(/"heap_mib":(\d+)/g)].map((match) => Number(match[1]));
    expect(heaps.length).toBeGreaterThan(3);
    expect(heaps.at(-1)).toBeGreaterThan((heaps[0] ?? 0) + 80);
    // The kernel is asked once per ageing step of 2 s, in which the heap grows by 3.2 MiB.
    expect(heaps.at(-1)).toBeLessThanOrEqual(256 + 4);
  });

  it('image pull: the event says that the tag does not exist; the old pods still serve', async () => {
    const events = await call('events_list', { namespace: 'shop' });
    expect(events.replace(/\s+/g, ' ')).toContain('storefront:v3.14.2-hotfix: not found');
    const deployment = await call('resources_get', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'storefront',
    });
    expect(deployment).toContain('availableReplicas: 3');
    expect(deployment).toContain('ProgressDeadlineExceeded');
  });

  it('Service without endpoints: the target port is one no container declares', async () => {
    const endpoints = await call('resources_list', {
      apiVersion: 'v1',
      kind: 'Endpoints',
      namespace: 'shop',
    });
    expect(endpoints).toMatch(/catalog\s+<none>/);
    expect(endpoints).toMatch(/cart\s+10\.244/);
    const service = await call('resources_get', {
      apiVersion: 'v1',
      kind: 'Service',
      namespace: 'shop',
      name: 'catalog',
    });
    expect(service).toContain('targetPort: http-api');
    const pod = await call('pods_get', { namespace: 'shop', name: podOf('shop', /"name":"catalog-/) });
    expect(pod).toMatch(/containerPort: 8080\s+name: http\s/);
  });

  it('pending claim: the storage class is not there', async () => {
    const events = await call('events_list', { namespace: 'data' });
    expect(events).toContain('storageclass.storage.k8s.io "fast-ssd" not found');
    expect(events.replace(/\s+/g, ' ')).toContain('pod has unbound immediate PersistentVolumeClaims');
    const classes = await call('resources_list', { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' });
    expect(classes).toContain('gp3');
    expect(classes).not.toContain('fast-ssd');
  });

  it('node under memory pressure: condition, taint, evictions and who fills it', async () => {
    const node = await call('resources_get', { apiVersion: 'v1', kind: 'Node', name: 'worker-4' });
    expect(node).toContain('reason: KubeletHasInsufficientMemory');
    expect(node).toContain('key: node.kubernetes.io/memory-pressure');
    const pod = await call('pods_get', { namespace: 'analytics', name: podOf('analytics', /Evicted/) });
    expect(pod.replace(/\s+/g, ' ')).toContain(
      'The node was low on resource: memory. Threshold quantity: 100Mi',
    );
    const top = await call('pods_top', { namespace: 'analytics' });
    const used = [...top.matchAll(/report-builder-\S+\s+report-builder\s+\S+\s+(\d+)Mi/g)].map((match) =>
      Number(match[1]),
    );
    expect(Math.max(...used)).toBeGreaterThan(256);
    const nodes = await call('nodes_top');
    const percentOf = (name: string) =>
      Number(new RegExp(`${name}\\s+\\S+\\s+\\d+%\\s+\\S+\\s+(\\d+)%`).exec(nodes)?.[1]);
    expect(percentOf('worker-4')).toBeGreaterThan(percentOf('worker-1') + 20);
    expect(await call('nodes_stats_summary', { name: 'worker-4' })).toContain('report-builder');
  });

  it('evicts nothing but the workload that fills the node', () => {
    const evicted = cluster.store.list('pods').filter((pod) => pod.status.reason === 'Evicted');
    expect(evicted.length).toBeGreaterThan(2);
    expect(evicted.every((pod) => pod.metadata.labels?.['app.kubernetes.io/name'] === 'report-builder')).toBe(
      true,
    );
  });
});
