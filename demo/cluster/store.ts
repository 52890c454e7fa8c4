import { type Clock, toTimestamp } from './clock.ts';
import { resourceInfos } from './kinds/resources.ts';
import type { KindMap, KubeObject, Resource } from './kinds/schema.ts';
import { kindSchemas } from './kinds/schema.ts';
import { uidFor } from './random.ts';
import { FIRST_RESOURCE_VERSION, HISTORY_LENGTH } from './tunables.ts';

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** One change as the store keeps it: enough to replay a watch and to roll a list back. */
export interface StoreEvent {
  type: WatchEventType;
  resource: Resource;
  version: number;
  object: KubeObject;
  /** The object before the change; absent for ADDED. */
  previous?: KubeObject;
}

export type StoreFailure = 'NotFound' | 'AlreadyExists' | 'Conflict' | 'Expired';

/** A refused store operation; the edge turns it into a `Status`. */
export class StoreError extends Error {
  readonly failure: StoreFailure;
  readonly resource: Resource;
  readonly objectName: string;

  constructor(failure: StoreFailure, resource: Resource, objectName: string) {
    super(`${failure}: ${resource} "${objectName}"`);
    this.failure = failure;
    this.resource = resource;
    this.objectName = objectName;
  }
}

type Tables = { [K in Resource]: Map<string, KindMap[K]> };

function emptyTables(): Tables {
  const names = Object.keys(kindSchemas);
  // The mapped type has exactly the schemas' keys, which Object.keys cannot express.
  return Object.fromEntries(names.map((name) => [name, new Map()])) as unknown as Tables;
}

/** The key of an object inside its table: `namespace/name`, which is also etcd's list order. */
export function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

/** What of an object raises its generation: everything but metadata and status. */
function specOf(object: KubeObject): string {
  const { metadata: _metadata, status: _status, ...rest } = object;
  return JSON.stringify(rest);
}

/**
 * The cluster's state: immutable objects by resource, one resourceVersion counter, a bounded history for
 * watches and consistent paging. It knows no controller and no HTTP. Objects given in are owned by the store;
 * objects handed out must not be modified.
 */
export class Store {
  #tables: Tables = emptyTables();
  #version = FIRST_RESOURCE_VERSION;
  #history: StoreEvent[] = [];
  #listeners = new Set<(event: StoreEvent) => void>();
  #seed: string;
  #clock: Clock;

  constructor(clock: Clock, seed: string) {
    this.#clock = clock;
    this.#seed = seed;
  }

  /** The newest resourceVersion. */
  get version(): number {
    return this.#version;
  }

  /** The oldest version a watch may start from. */
  get oldestVersion(): number {
    return (this.#history[0]?.version ?? this.#version + 1) - 1;
  }

  get<K extends Resource>(resource: K, namespace: string | undefined, name: string): KindMap[K] | undefined {
    return this.#tables[resource].get(keyOf(namespace, name));
  }

  /** All objects of a resource, of one namespace when given, in insertion order. */
  list<K extends Resource>(resource: K, namespace?: string): KindMap[K][] {
    const all = [...this.#tables[resource].values()];
    return namespace ? all.filter((object) => object.metadata.namespace === namespace) : all;
  }

  /** Adds an object, filling uid, creation time, generation and version. @throws StoreError AlreadyExists */
  create<K extends Resource>(resource: K, object: KindMap[K]): KindMap[K] {
    const key = keyOf(object.metadata.namespace, object.metadata.name);
    if (this.#tables[resource].has(key)) {
      throw new StoreError('AlreadyExists', resource, object.metadata.name);
    }
    const version = ++this.#version;
    const created: KindMap[K] = {
      ...object,
      metadata: {
        ...object.metadata,
        uid: object.metadata.uid || uidFor(`${this.#seed}/${resource}/${key}/${this.#clock.now()}`),
        resourceVersion: String(version),
        generation: 1,
        creationTimestamp: object.metadata.creationTimestamp || toTimestamp(this.#clock.now()),
      },
    };
    this.#tables[resource].set(key, created);
    this.#record({ type: 'ADDED', resource, version, object: created });
    return created;
  }

  /**
   * Replaces an object. An empty `metadata.resourceVersion` means "whatever is there", any other must match.
   * The generation rises when anything but metadata and status changed; an identical object changes nothing.
   * @throws StoreError NotFound, Conflict
   */
  update<K extends Resource>(resource: K, object: KindMap[K]): KindMap[K] {
    const { name, namespace } = object.metadata;
    const key = keyOf(namespace, name);
    const current = this.#tables[resource].get(key);
    if (!current) throw new StoreError('NotFound', resource, name);
    const expected = object.metadata.resourceVersion;
    if (expected !== '' && expected !== current.metadata.resourceVersion) {
      throw new StoreError('Conflict', resource, name);
    }
    const specChanged = specOf(object) !== specOf(current);
    const candidate: KindMap[K] = {
      ...object,
      metadata: {
        ...object.metadata,
        uid: current.metadata.uid,
        creationTimestamp: current.metadata.creationTimestamp,
        resourceVersion: current.metadata.resourceVersion,
        generation: (current.metadata.generation ?? 1) + (specChanged ? 1 : 0),
      },
    };
    if (JSON.stringify(candidate) === JSON.stringify(current)) return current;
    const version = ++this.#version;
    const updated: KindMap[K] = {
      ...candidate,
      metadata: { ...candidate.metadata, resourceVersion: String(version) },
    };
    this.#tables[resource].set(key, updated);
    this.#record({ type: 'MODIFIED', resource, version, object: updated, previous: current });
    return updated;
  }

  /** Removes an object for good. @throws StoreError NotFound */
  remove<K extends Resource>(resource: K, namespace: string | undefined, name: string): KindMap[K] {
    const key = keyOf(namespace, name);
    const current = this.#tables[resource].get(key);
    if (!current) throw new StoreError('NotFound', resource, name);
    this.#tables[resource].delete(key);
    const version = ++this.#version;
    const object: KindMap[K] = {
      ...current,
      metadata: { ...current.metadata, resourceVersion: String(version) },
    };
    this.#record({ type: 'DELETED', resource, version, object, previous: current });
    return current;
  }

  /** Calls back for every later change until the returned function is called. */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Changes of a resource after a version. @throws StoreError Expired when history no longer reaches back */
  since(resource: Resource, version: number): StoreEvent[] {
    if (version < this.oldestVersion) throw new StoreError('Expired', resource, String(version));
    return this.#history.filter((event) => event.resource === resource && event.version > version);
  }

  /** The objects of a resource as they were at a version. @throws StoreError Expired */
  listAt(resource: Resource, version: number): KubeObject[] {
    const objects = new Map<string, KubeObject>(this.#tables[resource]);
    for (const event of this.since(resource, version).reverse()) {
      const key = keyOf(event.object.metadata.namespace, event.object.metadata.name);
      if (event.previous) objects.set(key, event.previous);
      else objects.delete(key);
    }
    return [...objects.values()];
  }

  /** An independent store with the same objects and version, for simulating ahead. */
  fork(clock: Clock): Store {
    const copy = new Store(clock, this.#seed);
    copy.#version = this.#version;
    for (const { resource } of resourceInfos) {
      copyTable(this.#tables, copy.#tables, resource);
    }
    return copy;
  }

  #record(event: StoreEvent): void {
    this.#history.push(event);
    if (this.#history.length > HISTORY_LENGTH * 1.2) this.#history = this.#history.slice(-HISTORY_LENGTH);
    for (const listener of this.#listeners) listener(event);
  }
}

function copyTable<K extends Resource>(from: Tables, to: Tables, resource: K): void {
  for (const [key, object] of from[resource]) to[resource].set(key, object);
}
