import { describe, expect, it } from 'vitest';
import { applyManifestChange } from '../install.ts';
import { isReady } from '../pods.ts';
import type { Program } from '../programs/program.ts';
import { createSmallCluster, testProgram } from '../small-cluster.ts';
import { restartDelayMs } from './sync-container.ts';

const IMAGE = 'reg.test/app:v1';

function runPod(program: Partial<Program>, container: Record<string, unknown> = {}, seconds = 120) {
  const cluster = createSmallCluster([testProgram(IMAGE, program)]);
  cluster.install('pods', {
    metadata: { name: 'app', namespace: 'default' },
    spec: { containers: [{ name: 'main', image: IMAGE, ...container }] },
  });
  cluster.run(seconds);
  const pod = cluster.simulation.store.get('pods', 'default', 'app');
  const status = pod?.status.containerStatuses[0];
  if (!pod || !status) throw new Error('the pod never started');
  return { cluster, pod, status };
}

describe('a container', () => {
  it('is pulled, created and started with the usual events', () => {
    const { cluster, pod } = runPod({}, {}, 10);
    expect(isReady(pod)).toBe(true);
    expect(cluster.reasonsOf('app')).toEqual(['Scheduled', 'Pulling', 'Pulled', 'Created', 'Started']);
  });

  it('crashes, is restarted at once, then backs off longer each time', () => {
    const requires = [{ env: 'KEY', exitCode: 3, lines: ['KEY is not set'] }];
    const { status } = runPod({ requires }, {}, 60);
    expect(status.state.waiting?.reason).toBe('CrashLoopBackOff');
    expect(status.lastState.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
    expect(status.restartCount).toBe(3);
    expect([1, 2, 3, 7, 12].map(restartDelayMs)).toEqual([0, 10_000, 20_000, 300_000, 300_000]);
  });

  it('runs once its environment is right, and keeps it when the Secret changes later', () => {
    const requires = [{ env: 'KEY', exitCode: 3, lines: [] }];
    const cluster = createSmallCluster([testProgram(IMAGE, { requires })]);
    cluster.install('secrets', { metadata: { name: 's', namespace: 'default' }, data: { KEY: 'eA==' } });
    const container = { name: 'main', image: IMAGE, envFrom: [{ secretRef: { name: 's' } }] };
    cluster.install('pods', {
      metadata: { name: 'app', namespace: 'default' },
      spec: { containers: [container] },
    });
    cluster.run(10);
    applyManifestChange(cluster.simulation, {
      action: 'patch',
      resource: 'secrets',
      namespace: 'default',
      name: 's',
      patch: { data: { KEY: null } },
    });
    cluster.run(10);
    const [pod] = cluster.pods('app');
    expect(pod?.status.containerStatuses[0]).toMatchObject({ ready: true, restartCount: 0 });
  });

  it('is killed at its memory limit with exit code 137', () => {
    const { status } = runPod(
      { memory: { baseMiB: 20, growthMiBPerSecond: 2 } },
      { resources: { limits: { memory: '64Mi' } } },
      45,
    );
    const end = status.state.terminated ?? status.lastState.terminated;
    expect(end).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
  });

  it('waits with CreateContainerConfigError for a key it refers to', () => {
    const env = [{ name: 'X', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }];
    const missing = runPod({}, { env }, 20);
    expect(missing.status.state.waiting).toMatchObject({
      reason: 'CreateContainerConfigError',
      message: 'secret "s" not found',
    });
    missing.cluster.install('secrets', {
      metadata: { name: 's', namespace: 'default' },
      data: { other: 'eA==' },
    });
    missing.cluster.run(15);
    const [pod] = missing.cluster.pods('app');
    expect(pod?.status.containerStatuses[0]?.state.waiting?.message).toBe(
      "couldn't find key k in Secret default/s",
    );
  });

  it('backs off from an image the registry does not have', () => {
    const cluster = createSmallCluster([testProgram(IMAGE)]);
    cluster.install('pods', {
      metadata: { name: 'app', namespace: 'default' },
      spec: { containers: [{ name: 'main', image: 'reg.test/app:typo' }] },
    });
    cluster.run(30);
    const [pod] = cluster.pods('app');
    expect(pod?.status.phase).toBe('Pending');
    expect(pod?.status.containerStatuses[0]?.state.waiting?.reason).toMatch(
      /^(ErrImagePull|ImagePullBackOff)$/,
    );
    const failed = cluster.simulation.store
      .list('events')
      .find((event) => event.message?.startsWith('Failed to pull image'));
    expect(failed?.message).toContain('reg.test/app:typo: not found');
  });

  it('is restarted when its liveness probe fails', () => {
    const probe = { livenessProbe: { tcpSocket: { port: 80 }, periodSeconds: 5, failureThreshold: 2 } };
    const { cluster, status } = runPod({ unhealthyAfterMs: 20_000 }, probe, 50);
    expect(status.restartCount).toBeGreaterThan(0);
    expect(cluster.reasonsOf('app')).toEqual(expect.arrayContaining(['Unhealthy', 'Killing']));
  });

  it('waits for its volumes', () => {
    const cluster = createSmallCluster([testProgram(IMAGE)]);
    const spec = {
      containers: [{ name: 'main', image: IMAGE }],
      volumes: [{ name: 'v', secret: { secretName: 'late' } }],
    };
    cluster.install('pods', { metadata: { name: 'app', namespace: 'default' }, spec });
    cluster.run(5);
    expect(cluster.reasonsOf('app')).toContain('FailedMount');
    cluster.install('secrets', { metadata: { name: 'late', namespace: 'default' } });
    cluster.run(10);
    expect(cluster.pods('app').every(isReady)).toBe(true);
  });

  it('ends in its grace period when deleted', () => {
    const { cluster } = runPod({}, {}, 10);
    cluster.simulation.apply({ op: 'delete', resource: 'pods', namespace: 'default', name: 'app' });
    cluster.run(1);
    expect(cluster.pods('app')[0]?.metadata.deletionTimestamp).toBeTruthy();
    cluster.run(4);
    expect(cluster.pods('app')).toEqual([]);
    expect(cluster.reasonsOf('app')).toContain('Killing');
  });
});

describe('a node short of memory', () => {
  it('reports pressure and evicts what exceeds its request the most', () => {
    const hog = testProgram('reg.test/hog:v1', { memory: { baseMiB: 100, growthMiBPerSecond: 20 } });
    const cluster = createSmallCluster([testProgram(IMAGE), hog], '1Gi');
    const onA = { nodeSelector: { 'kubernetes.io/hostname': 'node-a' } };
    const container = (image: string) => ({
      name: 'main',
      image,
      resources: { requests: { memory: '64Mi' } },
    });
    cluster.install('pods', {
      metadata: { name: 'good', namespace: 'default' },
      spec: { ...onA, containers: [container(IMAGE)] },
    });
    cluster.install('pods', {
      metadata: { name: 'hog', namespace: 'default' },
      spec: { ...onA, containers: [container(hog.image)] },
    });
    cluster.run(60);
    const [evicted] = cluster.pods('hog');
    expect(evicted?.status).toMatchObject({ phase: 'Failed', reason: 'Evicted' });
    expect(evicted?.status.message).toContain(
      'The node was low on resource: memory. Threshold quantity: 100Mi',
    );
    expect(cluster.pods('good').every(isReady)).toBe(true);
    const node = () => cluster.simulation.store.get('nodes', undefined, 'node-a');
    expect(node()?.spec.taints?.map((taint) => taint.key)).toEqual(['node.kubernetes.io/memory-pressure']);
    cluster.run(330);
    expect(node()?.status.conditions.find((entry) => entry.type === 'MemoryPressure')?.status).toBe('False');
    expect(node()?.spec.taints).toBeUndefined();
  });
});
