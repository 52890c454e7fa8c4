import { describe, expect, it } from 'vitest';
import { applyManifestChange } from '../install.ts';
import { isReady } from '../pods.ts';
import { createSmallCluster, testDeployment, testProgram, testTemplate } from '../small-cluster.ts';
import { EVENT_TTL_MS } from '../tunables.ts';
import { KUBELET_STOPPED } from './node-lifecycle.ts';

const IMAGE = 'reg.test/web:v1';
const PORTS = { ports: [{ name: 'http', containerPort: 80 }] };
const pod = (name: string, spec: Record<string, unknown> = {}) => ({
  metadata: { name, namespace: 'default', labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', image: IMAGE }], ...spec },
});

describe('endpoints', () => {
  function withService(targetPort: string | number) {
    const cluster = createSmallCluster([testProgram(IMAGE)]);
    cluster.install('deployments', testDeployment(IMAGE, 2, PORTS));
    cluster.install('services', {
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 8000, targetPort }] },
    });
    cluster.run(10);
    return cluster.simulation.store;
  }

  it.each(['http', 80])('list ready pods for target port %s', (targetPort) => {
    const store = withService(targetPort);
    const [subset] = store.get('endpoints', 'default', 'web')?.subsets ?? [];
    expect(subset?.addresses).toHaveLength(2);
    expect(subset?.ports?.[0]?.port).toBe(80);
    expect(store.list('endpointslices')[0]?.ports?.[0]?.port).toBe(80);
  });

  it('are empty for a port name that no container declares', () => {
    const store = withService('http-api');
    expect(store.get('endpoints', 'default', 'web')?.subsets).toBeUndefined();
    expect(store.list('endpointslices')[0]?.ports).toBeNull();
  });

  it('keep pods that are not ready apart', () => {
    const cluster = createSmallCluster([testProgram(IMAGE)]);
    cluster.install(
      'deployments',
      testDeployment(IMAGE, 1, { ...PORTS, readinessProbe: { tcpSocket: { port: 9999 } } }),
    );
    cluster.install('services', {
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    });
    cluster.run(20);
    const [subset] = cluster.simulation.store.get('endpoints', 'default', 'web')?.subsets ?? [];
    expect(subset?.addresses).toBeUndefined();
    expect(subset?.notReadyAddresses).toHaveLength(1);
    expect(cluster.reasonsOf(cluster.pods('web-')[0]?.metadata.name ?? '')).toContain('Unhealthy');
  });
});

describe('claims', () => {
  const claim = {
    metadata: { name: 'data', namespace: 'default' },
    spec: { storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } },
  };

  it('wait for their storage class, and bind when it comes', () => {
    const cluster = createSmallCluster([testProgram(IMAGE)]);
    cluster.install('persistentvolumeclaims', claim);
    cluster.install(
      'pods',
      pod('user', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] }),
    );
    cluster.run(40);
    expect(cluster.simulation.store.get('persistentvolumeclaims', 'default', 'data')?.status.phase).toBe(
      'Pending',
    );
    expect(cluster.reasonsOf('data')).toEqual(['ProvisioningFailed']);
    expect(cluster.reasonsOf('user')).toEqual(['FailedScheduling']);
    cluster.install('storageclasses', { metadata: { name: 'fast' }, provisioner: 'test' });
    cluster.run(10);
    expect(cluster.simulation.store.get('persistentvolumeclaims', 'default', 'data')?.status.phase).toBe(
      'Bound',
    );
    expect(cluster.pods('user').every(isReady)).toBe(true);
  });

  it('wait for their first consumer when the class says so', () => {
    const cluster = createSmallCluster([testProgram(IMAGE)]);
    cluster.install('storageclasses', {
      metadata: { name: 'fast' },
      provisioner: 'test',
      volumeBindingMode: 'WaitForFirstConsumer',
    });
    cluster.install('persistentvolumeclaims', claim);
    cluster.run(5);
    expect(cluster.reasonsOf('data')).toEqual(['WaitForFirstConsumer']);
  });
});

describe('scheduler', () => {
  it('says per reason why no node fits', () => {
    const cluster = createSmallCluster([testProgram(IMAGE)]);
    cluster.install(
      'pods',
      pod('big', {
        containers: [{ name: 'main', image: IMAGE, resources: { requests: { memory: '64Gi' } } }],
      }),
    );
    cluster.install('pods', pod('picky', { nodeSelector: { disk: 'ssd' } }));
    cluster.run(2);
    const messages = cluster.simulation.store.list('events').map((event) => event.message);
    expect(messages.some((text) => text?.startsWith('0/2 nodes are available: 2 Insufficient memory.'))).toBe(
      true,
    );
    expect(
      messages.some((text) => text?.includes("2 node(s) didn't match Pod's node affinity/selector")),
    ).toBe(true);
  });
});

describe('nodes', () => {
  it('turn unknown when their kubelet is silent; their pods move after five minutes', () => {
    const cluster = createSmallCluster([testProgram(IMAGE)]);
    cluster.install('deployments', testDeployment(IMAGE, 2));
    cluster.run(10);
    applyManifestChange(cluster.simulation, {
      action: 'patch',
      resource: 'nodes',
      name: 'node-a',
      patch: { metadata: { annotations: { [KUBELET_STOPPED]: 'true' } } },
    });
    cluster.run(5);
    const node = cluster.simulation.store.get('nodes', undefined, 'node-a');
    expect(node?.status.conditions.find((entry) => entry.type === 'Ready')).toMatchObject({
      status: 'Unknown',
    });
    expect(node?.spec.taints?.map((taint) => taint.key)).toContain('node.kubernetes.io/unreachable');
    cluster.run(330);
    const ready = cluster.pods('web-').filter((entry) => isReady(entry));
    expect(ready.map((entry) => entry.spec.nodeName)).toEqual(['node-b', 'node-b']);
  });
});

describe('garbage', () => {
  it('follows owners, and events expire', () => {
    const cluster = createSmallCluster([testProgram(IMAGE)]);
    cluster.install('deployments', testDeployment(IMAGE, 2));
    cluster.run(10);
    expect(cluster.reasonsOf('web')).toContain('ScalingReplicaSet');
    applyManifestChange(cluster.simulation, {
      action: 'delete',
      resource: 'deployments',
      namespace: 'default',
      name: 'web',
    });
    cluster.run(10);
    expect(cluster.simulation.store.list('replicasets')).toEqual([]);
    expect(cluster.pods('web-')).toEqual([]);
    cluster.simulation.advance(cluster.clock, cluster.clock.now() + EVENT_TTL_MS + 60_000, 60_000);
    expect(cluster.simulation.store.list('events')).toEqual([]);
  });

  it('empties a deleted namespace', () => {
    const cluster = createSmallCluster([testProgram(IMAGE)]);
    cluster.install('namespaces', { metadata: { name: 'gone', deletionTimestamp: '2026-01-05T09:00:00Z' } });
    cluster.install('configmaps', { metadata: { name: 'c', namespace: 'gone' } });
    cluster.run(3);
    expect(cluster.simulation.store.get('namespaces', undefined, 'gone')).toBeUndefined();
    expect(cluster.simulation.store.get('configmaps', 'gone', 'c')).toBeUndefined();
  });
});

describe('the same seed and clock', () => {
  it('give the same cluster', () => {
    const live = () => {
      const cluster = createSmallCluster([testProgram(IMAGE)]);
      cluster.install('deployments', {
        ...testDeployment(IMAGE, 3),
        spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: testTemplate(IMAGE) },
      });
      cluster.run(20);
      return JSON.stringify(cluster.simulation.store.list('pods'));
    };
    expect(live()).toBe(live());
  });
});
