import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppsV1Api, CoreV1Api, KubeConfig, Watch } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { incidents } from '../incidents/index.ts';
import { ManualClock } from './clock.ts';
import { type Cluster, startCluster } from './index.ts';

const run = promisify(execFile);
let cluster: Cluster;
let clock: ManualClock;
let directory: string;
let kubeconfigPath: string;

beforeAll(async () => {
  clock = new ManualClock(Date.UTC(2026, 2, 3, 10, 7, 0));
  cluster = await startCluster({ clock, seed: 'cluster-test', incidents: ['oom-kill-growing-heap'] });
  directory = await mkdtemp(join(tmpdir(), 'demo-cluster-'));
  kubeconfigPath = join(directory, 'kubeconfig');
  await cluster.writeKubeconfig(kubeconfigPath);
});

afterAll(async () => {
  await cluster?.close();
  if (directory) await rm(directory, { recursive: true, force: true });
});

function live(seconds: number): void {
  for (let second = 0; second < seconds; second++) {
    clock.advance(1_000);
    cluster.tick();
  }
}

function get(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/json' };
  return fetch(cluster.adminUrl + path, { ...init, headers: { ...headers, ...init.headers } });
}

const status = z.object({ kind: z.literal('Status'), reason: z.string(), code: z.number() });
const list = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.object({ metadata: z.object({ name: z.string() }) })),
});

describe('the API', () => {
  it('refuses callers without the token', async () => {
    const response = await fetch(`${cluster.adminUrl}/api/v1/pods`);
    expect(response.status).toBe(401);
    expect(status.parse(await response.json()).reason).toBe('Unauthorized');
  });

  it('pages a consistent listing and says 410 for a watch from too long ago', async () => {
    const names: string[] = [];
    let token = '';
    for (let page = 0; page < 100; page++) {
      const body = list.parse(await (await get(`/api/v1/pods?limit=7&continue=${token}`)).json());
      names.push(...body.items.map((item) => item.metadata.name));
      if (page === 0)
        await get('/api/v1/namespaces/default/pods', {
          method: 'POST',
          body: JSON.stringify({
            metadata: { name: 'zzz' },
            spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] },
          }),
        });
      token = body.metadata.continue ?? '';
      if (!token) break;
    }
    expect(names).not.toContain('zzz');
    expect(new Set(names).size).toBe(names.length);
    const watch = await get('/api/v1/pods?watch=true&resourceVersion=1');
    expect(await watch.text()).toContain('"code":410');
    await get('/api/v1/namespaces/default/pods/zzz', { method: 'DELETE' });
  });

  it('answers errors as Status: 404, 409 conflict and exists, 422, 400, 405', async () => {
    const at = '/api/v1/namespaces/default/configmaps';
    const create = (body: unknown) => get(at, { method: 'POST', body: JSON.stringify(body) });
    expect((await create({ metadata: { name: 'c' }, data: { a: '1' } })).status).toBe(201);
    const codes = [
      await get(`${at}/none`),
      await create({ metadata: { name: 'c' } }),
      await get(`${at}/c`, {
        method: 'PUT',
        body: JSON.stringify({ metadata: { name: 'c', resourceVersion: '1' } }),
      }),
      await create({ metadata: { name: 'd' }, data: { a: 1 } }),
      await get('/api/v1/pods?labelSelector=a%3D(b'),
      await get(at, { method: 'POST', body: '{' }),
      await get(`${at}/c`, { method: 'POST', body: '{}' }),
    ];
    const bodies = await Promise.all(codes.map(async (response) => status.parse(await response.json())));
    expect(bodies.map((body) => `${body.code} ${body.reason}`)).toEqual([
      '404 NotFound',
      '409 AlreadyExists',
      '409 Conflict',
      '422 Invalid',
      '400 BadRequest',
      '400 BadRequest',
      '405 MethodNotAllowed',
    ]);
  });

  it('serves logs of the run asked for, limited as asked', async () => {
    const pod = cluster.store
      .list('pods', 'shop')
      .find((entry) => entry.metadata.name.startsWith('recommendations'));
    const at = `/api/v1/namespaces/shop/pods/${pod?.metadata.name}/log`;
    const previous = await (await get(`${at}?previous=true`)).text();
    expect(previous).toContain('starting recommendations');
    const tail = await (await get(`${at}?previous=true&tailLines=3&timestamps=true`)).text();
    expect(tail.trim().split('\n')).toHaveLength(3);
    expect(tail).toMatch(/^2026-03-03T\d\d:\d\d:\d\d\.\d{9}Z \{/);
    expect(await (await get(`${at}?previous=true`)).text()).toBe(previous);
    const steady = cluster.store.list('pods', 'shop').find((entry) => entry.metadata.name.startsWith('cart'));
    const recent = await (
      await get(`/api/v1/namespaces/shop/pods/${steady?.metadata.name}/log?sinceSeconds=30`)
    ).text();
    expect(recent.trim().split('\n').length).toBeLessThan(30);
  });
});

describe('@kubernetes/client-node', () => {
  function config(): KubeConfig {
    const kubeconfig = new KubeConfig();
    kubeconfig.loadFromString(cluster.kubeconfig);
    return kubeconfig;
  }

  it('lists, creates, scales and deletes', async () => {
    const core = config().makeApiClient(CoreV1Api);
    const apps = config().makeApiClient(AppsV1Api);
    const nodes = await core.listNode();
    expect(nodes.items.map((node) => node.metadata?.name)).toEqual([
      'worker-1',
      'worker-2',
      'worker-3',
      'worker-4',
    ]);
    await core.createNamespacedConfigMap({
      namespace: 'default',
      body: { metadata: { name: 'by-client' }, data: { a: 'b' } },
    });
    expect((await core.readNamespacedConfigMap({ namespace: 'default', name: 'by-client' })).data).toEqual({
      a: 'b',
    });
    await core.deleteNamespacedConfigMap({ namespace: 'default', name: 'by-client' });
    await expect(
      core.readNamespacedConfigMap({ namespace: 'default', name: 'by-client' }),
    ).rejects.toMatchObject({ code: 404 });
    const scale = await apps.readNamespacedDeploymentScale({ namespace: 'shop', name: 'cart' });
    await apps.replaceNamespacedDeploymentScale({
      namespace: 'shop',
      name: 'cart',
      body: { ...scale, spec: { replicas: 3 } },
    });
    live(15);
    const deployment = await apps.readNamespacedDeployment({ namespace: 'shop', name: 'cart' });
    expect(deployment.status?.readyReplicas).toBe(3);
  });

  it('watches what matches a selector', async () => {
    const seen: string[] = [];
    const object = z.object({ metadata: z.object({ name: z.string() }) });
    const watch = new Watch(config());
    const first = Promise.withResolvers<void>();
    const abort = await watch.watch(
      '/api/v1/namespaces/default/configmaps',
      { labelSelector: 'team=a' },
      (type, value: unknown) => {
        seen.push(`${type} ${object.parse(value).metadata.name}`);
        if (type === 'DELETED') first.resolve();
      },
      () => undefined,
    );
    const core = config().makeApiClient(CoreV1Api);
    for (const [name, team] of [
      ['w1', 'a'],
      ['w2', 'b'],
    ] as const) {
      await core.createNamespacedConfigMap({
        namespace: 'default',
        body: { metadata: { name, labels: { team } } },
      });
    }
    await core.replaceNamespacedConfigMap({
      namespace: 'default',
      name: 'w1',
      body: { metadata: { name: 'w1', labels: { team: 'b' } } },
    });
    await first.promise;
    abort.abort();
    expect(seen).toEqual(['ADDED w1', 'DELETED w1']);
  });
});

function hasKubectl(): boolean {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.runIf(hasKubectl())('kubectl', () => {
  const kubectl = async (...args: string[]) =>
    (await run('kubectl', ['--kubeconfig', kubeconfigPath, ...args])).stdout;

  it('gets tables, describes, reads logs and metrics', async () => {
    expect(await kubectl('get', 'pods,deploy,svc', '-n', 'shop')).toMatch(
      /recommendations-\S+\s+[01]\/1\s+\S+\s+\d+ \(/,
    );
    expect(await kubectl('get', 'nodes', '-o', 'wide')).toContain('Ubuntu 24.04.2 LTS');
    expect(await kubectl('get', 'pods', '-A', '--field-selector', 'spec.nodeName=worker-4')).toContain(
      'report-builder',
    );
    expect(
      await kubectl('describe', 'pod', '-n', 'shop', '-l', 'app.kubernetes.io/name=recommendations'),
    ).toMatch(/Reason:\s+OOMKilled/);
    expect(await kubectl('logs', '-n', 'shop', 'deploy/cart', '--tail=2')).toContain('trace_id');
    expect(await kubectl('top', 'nodes')).toMatch(/worker-1\s+\d+m/);
    expect(await kubectl('top', 'pods', '-n', 'shop')).toMatch(/cart-\S+\s+\d+m\s+\d+Mi/);
    expect(await kubectl('get', 'events', '-n', 'shop')).toContain('Back-off restarting failed container');
  });

  it('rolls a change out and back', async () => {
    await kubectl(
      '-n',
      'shop',
      'set',
      'image',
      'deploy/notifications',
      'notifications=registry.acme.dev/shop/notifications:v9',
    );
    live(30);
    expect(await kubectl('get', 'pods', '-n', 'shop')).toMatch(
      /notifications-\S+\s+0\/1\s+(ErrImagePull|ImagePullBackOff)/,
    );
    await kubectl('-n', 'shop', 'rollout', 'undo', 'deploy/notifications');
    live(30);
    expect(await kubectl('-n', 'shop', 'rollout', 'status', 'deploy/notifications')).toContain(
      'successfully rolled out',
    );
  });
});

describe('incidents at runtime', () => {
  it('applied aged they look old, touch nothing else, and heal when cleared', async () => {
    const oomBefore = cluster.store
      .list('pods', 'shop')
      .filter((pod) => pod.metadata.name.startsWith('recommendations'));
    const before = cluster.store.list('pods', 'shop').find((pod) => pod.metadata.name.startsWith('payments'));
    const response = await get('/_demo/incidents/crash-loop-missing-secret-key', { method: 'POST' });
    expect(response.status).toBe(200);
    const crashing = cluster.store
      .list('pods', 'shop')
      .find((pod) => pod.status.containerStatuses[0]?.lastState.terminated?.exitCode === 2);
    expect(crashing?.status.containerStatuses[0]?.restartCount).toBeGreaterThan(4);
    expect(Date.parse(crashing?.metadata.creationTimestamp ?? '')).toBeLessThan(clock.now() - 10 * 60_000);
    const latest = Math.max(
      ...cluster.store.list('events').map((event) => Date.parse(event.lastTimestamp ?? '')),
    );
    expect(latest).toBeLessThanOrEqual(clock.now());
    const after = cluster.store
      .list('pods', 'shop')
      .filter((pod) => pod.metadata.name.startsWith('recommendations'));
    expect(after).toEqual(oomBefore);
    expect(cluster.store.get('pods', 'shop', before?.metadata.name ?? '')).toEqual(before);
    expect((await get('/_demo/incidents/crash-loop-missing-secret-key', { method: 'DELETE' })).status).toBe(
      200,
    );
    live(60);
    const checkout = cluster.store.get('deployments', 'shop', 'checkout');
    expect(checkout?.status).toMatchObject({ readyReplicas: 2, updatedReplicas: 2 });
    expect((await get('/_demo/incidents/nope', { method: 'POST' })).status).toBe(404);
  });

  it('come about again after somebody has repaired them, and not while they are there', async () => {
    const id = 'service-without-endpoints';
    const portOf = () => cluster.store.get('services', 'shop', 'catalog')?.spec.ports?.[0]?.targetPort;
    cluster.applyIncident(id);
    const version = cluster.store.get('services', 'shop', 'catalog')?.metadata.resourceVersion;
    cluster.applyIncident(id);
    const broken = cluster.store.get('services', 'shop', 'catalog');
    if (!broken) throw new Error('there is a Service catalog');
    expect(broken.metadata.resourceVersion).toBe(version);
    const ports = broken.spec.ports?.map((port) => ({ ...port, targetPort: 'http' }));
    cluster.store.update('services', { ...broken, spec: { ...broken.spec, ports } });
    expect(portOf()).toBe('http');
    cluster.applyIncident(id);
    expect(portOf()).toBe('http-api');
    cluster.clearIncident(id);
    expect(portOf()).toBe('http');
  });

  it('all heal when cleared', async () => {
    for (const { id } of incidents) cluster.applyIncident(id);
    for (const { id } of incidents) cluster.clearIncident(id);
    live(400);
    const broken = cluster.store
      .list('pods')
      .filter(
        (pod) => !['Running', 'Succeeded'].includes(pod.status.phase) && pod.status.reason !== 'Evicted',
      );
    expect(broken.map((pod) => pod.metadata.name)).toEqual([]);
    const waiting = cluster.store
      .list('pods')
      .filter((pod) => pod.status.containerStatuses.some((entry) => entry.state.waiting));
    expect(waiting.map((pod) => pod.metadata.name)).toEqual([]);
    expect(cluster.store.list('nodes').every((node) => !node.spec.taints)).toBe(true);
    expect(cluster.store.get('endpoints', 'shop', 'catalog')?.subsets?.[0]?.addresses?.length).toBe(2);
    expect(cluster.activeIncidents()).toEqual([]);
  });
});

describe('a past of its own', () => {
  const start = (name: string) =>
    startCluster({
      clock: new ManualClock(Date.UTC(2026, 2, 3, 10, 7, 0)),
      past: [
        {
          ageMs: 10 * 60_000,
          programs: [],
          apply: [
            {
              action: 'patch',
              resource: 'deployments',
              namespace: 'shop',
              name,
              patch: { spec: { replicas: 4 } },
            },
          ],
        },
      ],
    });

  it('has been lived through when the cluster starts', async () => {
    const started = await start('cart');
    const pods = started.store
      .list('pods', 'shop')
      .filter((pod) => pod.metadata.name.startsWith('cart-'))
      .map((pod) => ({ phase: pod.status.phase, at: pod.metadata.creationTimestamp }));
    expect(pods.filter((pod) => pod.phase === 'Running')).toHaveLength(4);
    expect(pods.filter((pod) => pod.at.startsWith('2026-03-03T09:57'))).toHaveLength(2);
    expect(started.newestPod('shop', { 'app.kubernetes.io/name': 'cart' })).toMatch(/^cart-/);
    await started.close();
  });

  it('is refused when it finds nothing to change', async () => {
    await expect(start('no-such-thing')).rejects.toThrow('"patch deployments shop/no-such-thing"');
  });
});

describe('the process', () => {
  it('prints one line when ready and ends on SIGTERM', async () => {
    const main = new URL('./main.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [main, '--incidents', 'service-without-endpoints'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout, 'data');
    expect(JSON.parse(String(line))).toMatchObject({ ready: true, incidents: ['service-without-endpoints'] });
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });
});
