import { writeFile } from 'node:fs/promises';
import { type AlertmanagerPayload, incidents, loadIncident, renderAlert } from '../incidents/index.ts';
import { applyAged } from './age-incident.ts';
import { type Clock, fromTimestamp, ManualClock, systemClock } from './clock.ts';
import { type CloseableServer, createApiServer } from './http/server.ts';
import {
  applyManifestChange,
  describeChange,
  installManifest,
  isInPlace,
  type ManifestChange,
} from './install.ts';
import { makeKubeconfig } from './kubeconfig.ts';
import { createProgramLibrary, type Program } from './programs/program.ts';
import { hexDigest } from './random.ts';
import { matchesLabels } from './selectors.ts';
import { makeSelfSignedCertificate } from './self-signed-certificate.ts';
import { shopManifests } from './shop/manifests.ts';
import { platformPrograms, shopPrograms, strictRegistries } from './shop/programs.ts';
import { Simulation } from './simulation.ts';
import type { Store } from './store.ts';
import { AGING_STEP_MS, QUIET_STEP_MS, SHOP_AGE_MS, SHOP_SETTLE_MS, TICK_MS } from './tunables.ts';

/** Something that happened to the cluster before its present. An incident is one. */
export interface PastChange {
  /** How long ago. */
  ageMs: number;
  /** Images that it brings with it. */
  programs: Program[];
  apply: ManifestChange[];
}

export interface StartClusterOptions {
  /** TCP port on 127.0.0.1; 0 or absent picks a free one. */
  port?: number;
  /** Same seed, same clock, same history: same names, addresses and logs. */
  seed?: string;
  /** Time of the cluster. With a clock of its own nothing ticks by itself: call `tick`. */
  clock?: Clock;
  /** Ids of incidents that have been going on for their age when the cluster starts. */
  incidents?: string[];
  /** Further changes that the cluster has lived with for their age when it starts. */
  past?: PastChange[];
  /** Bearer token of the API; derived from the seed when absent. */
  token?: string;
}

export interface Cluster {
  url: string;
  port: number;
  /** The same API and `/_demo` over plain HTTP on this machine. */
  adminUrl: string;
  token: string;
  /** YAML for unmodified clients. */
  kubeconfig: string;
  store: Store;
  writeKubeconfig(path: string): Promise<void>;
  /** Begins an incident; `aged` (default) makes it look as old as the incident says. */
  applyIncident(id: string, options?: { aged?: boolean }): void;
  /** Ends an incident: the cluster then heals by itself. */
  clearIncident(id: string): void;
  activeIncidents(): string[];
  /** The Alertmanager webhook payload (v4) for an incident, naming the pod it is about now. */
  alertFor(id: string): AlertmanagerPayload;
  /** Name of the youngest pod with these labels, or undefined. */
  newestPod(namespace: string, labels: Record<string, string>): string | undefined;
  /** One pass of all controllers and kubelets at the clock's time. */
  tick(): void;
  close(): Promise<void>;
}

/** How long an alert has usually been firing when somebody looks: rules wait some minutes first. */
export const ALERT_AGE_MS = 5 * 60_000;

/**
 * Starts the simulated cluster with the shop installed and running.
 * @throws Error for unknown incidents, past changes that find nothing to change, a taken port
 */
export async function startCluster(options: StartClusterOptions = {}): Promise<Cluster> {
  const wanted = (options.incidents ?? []).map(loadIncident);
  const clock = options.clock ?? systemClock;
  const seed = options.seed ?? 'shop';
  const token = options.token ?? hexDigest(`${seed}/token`, 40);
  const simulation = installShop(clock, seed, [...wanted, ...(options.past ?? [])]);
  const active = new Set(wanted.map((incident) => incident.id));

  const applyIncident = (id: string, { aged = true } = {}) => {
    const known = loadIncident(id);
    // Somebody may have repaired it: then what is gone of it is brought about again.
    const apply = active.has(id)
      ? known.apply.filter((change) => !isInPlace(simulation, change))
      : known.apply;
    if (apply.length === 0) return;
    const incident = { ...known, apply };
    if (aged) applyAged(simulation, incident.ageMs, (fork) => begin(fork, incident));
    else begin(simulation, incident);
    active.add(id);
  };
  const clearIncident = (id: string) => {
    for (const entry of loadIncident(id).revert) applyManifestChange(simulation, entry);
    active.delete(id);
  };

  const admin = {
    applyIncident: (id: string, aged: boolean) => applyIncident(id, { aged }),
    clearIncident,
    alertFor: (id: string) => alertFor(simulation, id),
    listIncidents: () => incidents.map(({ id, title }) => ({ id, title, active: active.has(id) })),
  };
  const certificate = makeSelfSignedCertificate(systemClock.now());
  const server = createApiServer({ simulation, admin, token }, certificate);
  const port = await listen(server.tls, options.port ?? 0);
  const adminPort = await listen(server.plain, 0);
  const timer = options.clock ? undefined : setInterval(() => simulation.tick(), TICK_MS);
  const url = `https://127.0.0.1:${port}`;
  const kubeconfig = makeKubeconfig(url, token, certificate.certificate);
  return {
    url,
    port,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    token,
    kubeconfig,
    store: simulation.store,
    writeKubeconfig: (path) => writeFile(path, kubeconfig, { mode: 0o600 }),
    applyIncident,
    clearIncident,
    activeIncidents: () => [...active],
    alertFor: (id) => alertFor(simulation, id),
    newestPod: (namespace, labels) => newestPod(simulation, namespace, labels),
    tick: () => simulation.tick(),
    close: async () => {
      clearInterval(timer);
      await Promise.all([closeServer(server.tls), closeServer(server.plain)]);
    },
  };
}

/** Time lived through before the present, so that scheduled jobs have run; longer than any incident's age. */
const RECENT_MS = 50 * 60_000;

function begin(simulation: Simulation, past: Pick<PastChange, 'apply'>): void {
  for (const change of past.apply) {
    // Data that was written for another cluster, or with a typing error, must not pass as an incident.
    if (!applyManifestChange(simulation, change))
      throw new Error(`the change "${describeChange(change)}" finds nothing to change in the cluster`);
  }
}

/** The shop, installed days ago and settled, with changes that were made at their age, at the clock's present. */
function installShop(clock: Clock, seed: string, past: PastChange[]): Simulation {
  const programs = createProgramLibrary(
    [...shopPrograms, ...platformPrograms, ...[...incidents, ...past].flatMap((entry) => entry.programs)],
    strictRegistries,
  );
  const nowMs = clock.now();
  const pastClock = new ManualClock(nowMs - SHOP_AGE_MS);
  const young = new Simulation({ clock: pastClock, seed, programs });
  for (const { resource, object } of shopManifests()) installManifest(young, resource, object);
  young.advance(pastClock, nowMs - SHOP_AGE_MS + SHOP_SETTLE_MS, AGING_STEP_MS);
  // The days in between were quiet: one step.
  young.advance(pastClock, nowMs - RECENT_MS, SHOP_AGE_MS);
  let stepMs = QUIET_STEP_MS;
  for (const entry of [...past].sort((a, b) => b.ageMs - a.ageMs)) {
    young.advance(pastClock, nowMs - entry.ageMs, stepMs);
    begin(young, entry);
    stepMs = AGING_STEP_MS;
  }
  young.advance(pastClock, nowMs, stepMs);
  const simulation = new Simulation({ clock, seed, programs, store: young.store.fork(clock) });
  simulation.replaceRuntime(young.runtimeEntries());
  return simulation;
}

function alertFor(simulation: Simulation, id: string): AlertmanagerPayload {
  const incident = loadIncident(id);
  const startsAtMs = simulation.clock.now() - ALERT_AGE_MS;
  const pod = newestPod(simulation, incident.namespace, incident.podLabels) ?? '';
  return renderAlert(incident, { pod, startsAtMs });
}

function newestPod(
  simulation: Simulation,
  namespace: string,
  labels: Record<string, string>,
): string | undefined {
  const createdAt = (text: string) => fromTimestamp(text) ?? 0;
  const [newest] = simulation.store
    .list('pods', namespace)
    .filter((pod) => matchesLabels(labels, pod.metadata.labels))
    .sort((a, b) => createdAt(b.metadata.creationTimestamp) - createdAt(a.metadata.creationTimestamp));
  return newest?.metadata.name;
}

function listen(server: CloseableServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string')
        reject(new Error('the API server has no TCP address'));
      else resolve(address.port);
    });
  });
}

function closeServer(server: CloseableServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Watches never end by themselves.
    server.closeAllConnections();
  });
}
