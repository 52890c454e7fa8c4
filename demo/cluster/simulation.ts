import type { Change, ClusterView, EventDraft, ObjectChange, Reconcile, RuntimeRecord } from './change.ts';
import { type Clock, type ManualClock, toTimestamp } from './clock.ts';
import { controllers } from './controllers/index.ts';
import { infoOf } from './kinds/resources.ts';
import type { Pod, Resource } from './kinds/schema.ts';
import { reconcileKubelets } from './kubelet/reconcile-nodes.ts';
import type { ProgramLibrary } from './programs/program.ts';
import { hexDigest } from './random.ts';
import { Store, StoreError } from './store.ts';

const DEFAULT_GRACE_SECONDS = 30;

/** Drives controllers and kubelets over a store: one `tick` lets each look once and applies what they decide. */
export class Simulation {
  readonly store: Store;
  readonly clock: Clock;
  readonly seed: string;
  readonly programs: ProgramLibrary;
  #runtime = new Map<string, RuntimeRecord>();
  #reconcilers: Reconcile[] = [...controllers, reconcileKubelets];

  constructor(options: { clock: Clock; seed: string; programs: ProgramLibrary; store?: Store }) {
    this.clock = options.clock;
    this.seed = options.seed;
    this.programs = options.programs;
    this.store = options.store ?? new Store(options.clock, options.seed);
  }

  /** What reconcilers and the edge may read, at this moment. */
  view(): ClusterView {
    return {
      nowMs: this.clock.now(),
      seed: this.seed,
      programs: this.programs,
      get: (resource, namespace, name) => this.store.get(resource, namespace, name),
      list: (resource, namespace) => this.store.list(resource, namespace),
      runtime: (key) => this.#runtime.get(key),
    };
  }

  /** One pass: later reconcilers already see what earlier ones decided. */
  tick(): void {
    for (const reconcile of this.#reconcilers) {
      for (const change of reconcile(this.view())) this.apply(change);
    }
  }

  /** Simulates from the clock's time to `untilMs` in steps; the clock must be a manual one. */
  advance(clock: ManualClock, untilMs: number, stepMs: number): void {
    while (clock.now() < untilMs) {
      clock.set(Math.min(untilMs, clock.now() + stepMs));
      this.tick();
    }
  }

  /** A copy that can run ahead on its own clock without disturbing this one. */
  fork(clock: ManualClock): Simulation {
    const copy = new Simulation({
      clock,
      seed: this.seed,
      programs: this.programs,
      store: this.store.fork(clock),
    });
    copy.#runtime = new Map(this.#runtime);
    return copy;
  }

  /** The kubelets' memory, for taking over a fork's. */
  runtimeEntries(): [string, RuntimeRecord][] {
    return [...this.#runtime.entries()];
  }

  replaceRuntime(entries: Iterable<[string, RuntimeRecord]>): void {
    this.#runtime = new Map(entries);
  }

  /** Applies one decision; losing a race (conflict, gone) is normal and is decided anew on the next tick. */
  apply(change: Change): void {
    try {
      switch (change.op) {
        case 'create':
        case 'update':
          this.#put(change);
          return;
        case 'delete':
          this.#delete(change.resource, change.namespace, change.name, change.graceMs);
          return;
        case 'event':
          this.#recordEvent(change.event);
          return;
        case 'runtime':
          if (change.record) this.#runtime.set(change.key, change.record);
          else this.#runtime.delete(change.key);
          return;
      }
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }

  #put<K extends Resource>(change: ObjectChange<K>): void {
    if (change.op === 'create') this.store.create(change.resource, change.object);
    else this.store.update(change.resource, change.object);
  }

  /** Deletes as the API does: a pod on a node first gets its deletionTimestamp, its kubelet then removes it. */
  #delete(resource: Resource, namespace: string | undefined, name: string, graceMs?: number): void {
    const pod = resource === 'pods' ? this.store.get('pods', namespace, name) : undefined;
    if (pod && !pod.metadata.deletionTimestamp && graceMs !== 0 && isOnNode(pod)) {
      const graceSeconds =
        graceMs === undefined
          ? (pod.spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS)
          : Math.ceil(graceMs / 1000);
      this.store.update('pods', {
        ...pod,
        metadata: {
          ...pod.metadata,
          deletionTimestamp: toTimestamp(this.clock.now() + graceSeconds * 1000),
          deletionGracePeriodSeconds: graceSeconds,
        },
      });
      return;
    }
    const removed = this.store.remove(resource, namespace, name);
    if (resource === 'pods') this.#forget(removed.metadata.uid);
  }

  #forget(uid: string): void {
    for (const key of this.#runtime.keys()) if (key.startsWith(`${uid}/`)) this.#runtime.delete(key);
  }

  /** Counts a repeated event up, as client-go's event correlator does, or adds it. */
  #recordEvent(event: EventDraft): void {
    const { regarding, reason, message, type, component, host } = event;
    const namespace = regarding.namespace ?? 'default';
    const name = `${regarding.name ?? ''}.${hexDigest(`${regarding.uid}/${reason}/${message}/${type}`, 16)}`;
    const now = toTimestamp(this.clock.now());
    const existing = this.store.get('events', namespace, name);
    if (existing) {
      this.store.update('events', { ...existing, count: (existing.count ?? 1) + 1, lastTimestamp: now });
      return;
    }
    this.store.create('events', {
      apiVersion: 'v1',
      kind: infoOf('events').kind,
      metadata: { name, namespace, uid: '', resourceVersion: '', creationTimestamp: '' },
      involvedObject: regarding,
      reason,
      message,
      type,
      count: 1,
      firstTimestamp: now,
      lastTimestamp: now,
      eventTime: null,
      source: { component, ...(host ? { host } : {}) },
      reportingComponent: component,
      reportingInstance: host ?? '',
    });
  }
}

function isOnNode(pod: Pod): boolean {
  return Boolean(pod.spec.nodeName) && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed';
}
