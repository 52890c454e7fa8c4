import { ManualClock } from './clock.ts';
import { installManifest } from './install.ts';
import type { Pod, Resource } from './kinds/schema.ts';
import { createProgramLibrary, type Program } from './programs/program.ts';
import { Simulation } from './simulation.ts';

/** A cluster of two nodes on a clock that only moves when told to: the ground of the controllers' tests. */
export interface SmallCluster {
  simulation: Simulation;
  clock: ManualClock;
  install(resource: Resource, object: Record<string, unknown>): void;
  /** Lives through some seconds, a tick each. */
  run(seconds: number): void;
  pods(prefix: string): Pod[];
  /** `reason` of every event about an object, oldest first. */
  reasonsOf(name: string): string[];
}

/** An image that starts at once and stays. */
export function testProgram(image: string, extra: Partial<Program> = {}): Program {
  return {
    image,
    sizeMiB: 20,
    startupMs: 1_000,
    listens: [80],
    memory: { baseMiB: 20 },
    cpuMillicores: 5,
    logs: { startup: ['up'], steady: [{ everyMs: 1_000, lines: ['tick {n}'] }] },
    ...extra,
  };
}

const START_MS = Date.UTC(2026, 0, 5, 9, 2, 30);

/** @param programs images the registry `reg.test` has; every other tag there is not found */
export function createSmallCluster(programs: Program[], nodeMemory = '4Gi'): SmallCluster {
  const clock = new ManualClock(START_MS);
  const simulation = new Simulation({
    clock,
    seed: 'test',
    programs: createProgramLibrary(programs, ['reg.test']),
  });
  const install = (resource: Resource, object: Record<string, unknown>) =>
    installManifest(simulation, resource, object);
  install('namespaces', { metadata: { name: 'default' } });
  for (const [index, name] of ['node-a', 'node-b'].entries()) {
    const amounts = { cpu: '2', memory: nodeMemory, pods: '20' };
    install('nodes', {
      metadata: { name, labels: { 'kubernetes.io/hostname': name } },
      spec: { podCIDR: `10.244.${index + 1}.0/24` },
      status: {
        capacity: amounts,
        allocatable: amounts,
        addresses: [{ type: 'InternalIP', address: `10.0.0.${index + 1}` }],
      },
    });
  }
  return {
    simulation,
    clock,
    install,
    run: (seconds) => simulation.advance(clock, clock.now() + seconds * 1000, 1_000),
    pods: (prefix) => simulation.store.list('pods').filter((pod) => pod.metadata.name.startsWith(prefix)),
    reasonsOf: (name) =>
      simulation.store
        .list('events')
        .filter((event) => event.involvedObject.name === name)
        .map((event) => event.reason ?? ''),
  };
}

/** A pod template of one container. */
export function testTemplate(
  image: string,
  container: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'main', image, ...container }] },
  };
}

/** A Deployment `web` of one container. */
export function testDeployment(
  image: string,
  replicas: number,
  container: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: testTemplate(image, container) },
  };
}
