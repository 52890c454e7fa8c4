import { describe, expect, it } from 'vitest';
import { applyManifestChange } from '../install.ts';
import { isReady } from '../pods.ts';
import { createSmallCluster, testDeployment, testProgram, testTemplate } from '../small-cluster.ts';
import { matchesSchedule } from './cron-job.ts';
import { planScale, reconcileDeployments, resolveBound } from './deployment.ts';
import { reconcileReplicaSets } from './replica-set.ts';

const V1 = 'reg.test/web:v1';
const V2 = 'reg.test/web:v2';

describe('deployments', () => {
  it('reach their replicas through a ReplicaSet', () => {
    const cluster = createSmallCluster([testProgram(V1)]);
    cluster.install('deployments', testDeployment(V1, 3));
    cluster.run(10);
    const [deployment] = cluster.simulation.store.list('deployments');
    expect(deployment?.status).toMatchObject({ replicas: 3, readyReplicas: 3, availableReplicas: 3 });
    expect(cluster.simulation.store.list('replicasets')).toHaveLength(1);
    expect(new Set(cluster.pods('web-').map((pod) => pod.spec.nodeName)).size).toBe(2);
  });

  it('roll a new template out without falling under their minimum, and back', () => {
    const cluster = createSmallCluster([testProgram(V1), testProgram(V2)]);
    cluster.install('deployments', testDeployment(V1, 4));
    cluster.run(10);
    const patch = (image: string) =>
      applyManifestChange(cluster.simulation, {
        action: 'patch',
        resource: 'deployments',
        namespace: 'default',
        name: 'web',
        patch: { spec: { template: testTemplate(image) } },
      });
    patch(V2);
    for (let second = 0; second < 40; second++) {
      cluster.run(1);
      const ready = cluster.pods('web-').filter((pod) => isReady(pod) && !pod.metadata.deletionTimestamp);
      expect(ready.length).toBeGreaterThanOrEqual(3);
      expect(ready.length).toBeLessThanOrEqual(5);
    }
    expect(cluster.pods('web-').map((pod) => pod.spec.containers[0]?.image)).toEqual([V2, V2, V2, V2]);
    patch(V1);
    cluster.run(40);
    const sets = cluster.simulation.store.list('replicasets');
    expect(sets).toHaveLength(2);
    const current = sets.find((set) => set.spec.replicas === 4);
    expect(current?.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
  });

  it('keep the old pods when the new image cannot be pulled', () => {
    const cluster = createSmallCluster([testProgram(V1)]);
    cluster.install('deployments', testDeployment(V1, 2));
    cluster.run(10);
    cluster.install('deployments', testDeployment(V1, 2));
    applyManifestChange(cluster.simulation, {
      action: 'patch',
      resource: 'deployments',
      namespace: 'default',
      name: 'web',
      patch: { spec: { template: testTemplate('reg.test/web:nope') } },
    });
    cluster.run(700);
    expect(cluster.pods('web-').filter(isReady)).toHaveLength(2);
    const [deployment] = cluster.simulation.store.list('deployments');
    expect(deployment?.status.conditions?.find((entry) => entry.type === 'Progressing')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
  });

  it('are a pure function: the same view gives the same changes', () => {
    const cluster = createSmallCluster([testProgram(V1)]);
    cluster.install('deployments', testDeployment(V1, 2));
    const view = cluster.simulation.view();
    expect(reconcileDeployments(view)).toEqual(reconcileDeployments(view));
    expect(cluster.simulation.store.list('replicasets')).toHaveLength(0);
  });

  it.each([
    [undefined, 4, 'up', 1],
    ['25%', 2, 'down', 0],
    ['25%', 2, 'up', 1],
    [3, 10, 'down', 3],
  ] as const)('bound %s of %d rounded %s is %d', (bound, replicas, round, expected) => {
    expect(resolveBound(bound, replicas, round)).toBe(expected);
  });

  it('Recreate waits for the old pods to go', () => {
    const cluster = createSmallCluster([testProgram(V1)]);
    cluster.install('deployments', testDeployment(V1, 2));
    cluster.run(10);
    const deployment = cluster.simulation.store.list('deployments')[0];
    const set = cluster.simulation.store.list('replicasets')[0];
    if (!deployment || !set) throw new Error('no rollout');
    const recreate = { ...deployment, spec: { ...deployment.spec, strategy: { type: 'Recreate' } } };
    const next = { ...set, spec: { ...set.spec, replicas: 0 } };
    expect(planScale(recreate, next, [set])).toEqual([[set, 0]]);
  });
});

describe('replica sets', () => {
  it('replace an evicted pod and delete the youngest first', () => {
    const cluster = createSmallCluster([testProgram(V1)]);
    cluster.install('deployments', testDeployment(V1, 2));
    cluster.run(10);
    const { store } = cluster.simulation;
    const pod = cluster.pods('web-')[0];
    if (!pod) throw new Error('no pod');
    store.update('pods', { ...pod, status: { ...pod.status, phase: 'Failed', reason: 'Evicted' } });
    const created = reconcileReplicaSets(cluster.simulation.view()).filter(
      (change) => change.op === 'create',
    );
    expect(created).toHaveLength(1);
  });
});

describe('stateful sets', () => {
  it('start one after the other with their own claims', () => {
    const cluster = createSmallCluster([testProgram(V1)]);
    cluster.install('storageclasses', { metadata: { name: 'std' }, provisioner: 'test' });
    cluster.install('statefulsets', {
      metadata: { name: 'db', namespace: 'default' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'web' } },
        template: testTemplate(V1),
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { storageClassName: 'std', resources: { requests: { storage: '1Gi' } } },
          },
        ],
      },
    });
    cluster.run(2);
    expect(cluster.pods('db-').map((pod) => pod.metadata.name)).toEqual(['db-0']);
    cluster.run(20);
    expect(cluster.pods('db-').map((pod) => pod.metadata.name)).toEqual(['db-0', 'db-1']);
    const claims = cluster.simulation.store.list('persistentvolumeclaims');
    expect(claims.map((claim) => [claim.metadata.name, claim.status.phase])).toEqual([
      ['data-db-0', 'Bound'],
      ['data-db-1', 'Bound'],
    ]);
    applyManifestChange(cluster.simulation, {
      action: 'patch',
      resource: 'statefulsets',
      namespace: 'default',
      name: 'db',
      patch: { spec: { replicas: 1 } },
    });
    cluster.run(10);
    expect(cluster.pods('db-').map((pod) => pod.metadata.name)).toEqual(['db-0']);
  });
});

describe('daemon sets', () => {
  it('run once per matching node', () => {
    const cluster = createSmallCluster([testProgram(V1)]);
    const template = testTemplate(V1);
    cluster.install('daemonsets', {
      metadata: { name: 'agent', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'web' } }, template },
    });
    cluster.run(8);
    expect(
      cluster
        .pods('agent-')
        .map((pod) => pod.spec.nodeName)
        .sort(),
    ).toEqual(['node-a', 'node-b']);
    expect(cluster.simulation.store.list('daemonsets')[0]?.status).toMatchObject({
      desiredNumberScheduled: 2,
      numberReady: 2,
    });
  });
});

describe('jobs', () => {
  const job = (exitCode: number, backoffLimit: number) => {
    const image = 'reg.test/job:v1';
    const cluster = createSmallCluster([
      testProgram(image, { exits: { afterMs: 3_000, exitCode, lines: ['done'] } }),
    ]);
    const template = testTemplate(image);
    const spec = { containers: [{ name: 'main', image }], restartPolicy: 'Never' };
    cluster.install('jobs', {
      metadata: { name: 'once', namespace: 'default' },
      spec: { backoffLimit, template: { ...template, spec } },
    });
    cluster.run(60);
    return cluster;
  };

  it('complete', () => {
    const cluster = job(0, 6);
    expect(cluster.simulation.store.list('jobs')[0]?.status).toMatchObject({ succeeded: 1 });
    expect(cluster.pods('once-').map((pod) => pod.status.phase)).toEqual(['Succeeded']);
  });

  it('give up past their back-off limit', () => {
    const cluster = job(1, 1);
    expect(cluster.pods('once-').map((pod) => pod.status.phase)).toEqual(['Failed', 'Failed']);
    expect(cluster.reasonsOf('once')).toContain('BackoffLimitExceeded');
  });
});

describe('cron jobs', () => {
  it.each([
    ['*/15 * * * *', '2026-01-05T09:15:00Z', true],
    ['*/15 * * * *', '2026-01-05T09:16:00Z', false],
    ['0 9 * * 1-5', '2026-01-05T09:00:00Z', true],
    ['0 9 * * 0', '2026-01-05T09:00:00Z', false],
    ['5,10 9 5 1 *', '2026-01-05T09:10:00Z', true],
    ['nonsense', '2026-01-05T09:10:00Z', false],
  ])('%s at %s → %s', (schedule, at, expected) => {
    expect(matchesSchedule(schedule, Date.parse(at))).toBe(expected);
  });

  it('start a job at the scheduled minute, once', () => {
    const image = 'reg.test/job:v1';
    const cluster = createSmallCluster([
      testProgram(image, { exits: { afterMs: 2_000, exitCode: 0, lines: [] } }),
    ]);
    const template = {
      metadata: {},
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] },
    };
    cluster.install('cronjobs', {
      metadata: { name: 'nightly', namespace: 'default' },
      spec: { schedule: '5 9 * * *', jobTemplate: { spec: { template } } },
    });
    cluster.run(300);
    expect(cluster.simulation.store.list('jobs').map((entry) => entry.status.succeeded)).toEqual([1]);
  });
});
