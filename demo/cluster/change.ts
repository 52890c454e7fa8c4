import type {
  KindMap,
  KubeObject,
  ObjectMeta,
  ObjectReference,
  OwnerReference,
  Resource,
} from './kinds/schema.ts';
import type { ProgramLibrary } from './programs/program.ts';

/**
 * What the kubelet remembers of a container outside its status: deadlines in milliseconds since the epoch.
 * Kept beside the store, so that reconciling stays a pure function of what it is given.
 */
export interface RuntimeRecord {
  phase:
    | 'pulling'
    | 'pull-back-off'
    | 'config-error'
    | 'mount-error'
    | 'unschedulable'
    | 'claim'
    | 'running'
    | 'pressure';
  /** When the phase's next step is due. */
  nextAtMs: number;
  /** Failures so far in this phase. */
  attempts: number;
  /** When an event about this phase was last sent. */
  eventAtMs: number;
  /** Failed probes in a row. */
  failures?: number;
  /** What a run was started with: changing a Secret later does not change a running process. */
  env?: Record<string, string>;
  files?: string[];
}

/** What a reconciler may read. */
export interface ClusterView {
  nowMs: number;
  seed: string;
  programs: ProgramLibrary;
  get<K extends Resource>(resource: K, namespace: string | undefined, name: string): KindMap[K] | undefined;
  list<K extends Resource>(resource: K, namespace?: string): KindMap[K][];
  runtime(key: string): RuntimeRecord | undefined;
}

/** An event about an object; the applier counts repeats up instead of adding objects. */
export interface EventDraft {
  regarding: ObjectReference & { namespace?: string };
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  component: string;
  host?: string;
}

/** A created or updated object; the type parameter keeps resource and object together. */
export type ObjectChange<K extends Resource = Resource> = {
  [R in K]: { op: 'create' | 'update'; resource: R; object: KindMap[R] };
}[K];

/** What a reconciler decides. Applied in order; a change that lost a race is dropped and decided anew next tick. */
export type Change =
  | ObjectChange
  | { op: 'delete'; resource: Resource; namespace: string | undefined; name: string; graceMs?: number }
  | { op: 'event'; event: EventDraft }
  | { op: 'runtime'; key: string; record: RuntimeRecord | undefined };

export type Reconcile = (view: ClusterView) => Change[];

/** Metadata of an object about to be created; the store fills identity and time. */
export function newMeta(
  name: string,
  namespace: string | undefined,
  options: {
    labels?: Record<string, string> | null;
    annotations?: Record<string, string> | null;
    owner?: OwnerReference;
    generateName?: string;
  } = {},
): ObjectMeta {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(options.generateName ? { generateName: options.generateName } : {}),
    uid: '',
    resourceVersion: '',
    creationTimestamp: '',
    ...(options.labels ? { labels: options.labels } : {}),
    ...(options.annotations ? { annotations: options.annotations } : {}),
    ...(options.owner ? { ownerReferences: [options.owner] } : {}),
  };
}

/** A controller reference to an owner. */
export function controllerOf(apiVersion: string, kind: string, meta: ObjectMeta): OwnerReference {
  return { apiVersion, kind, name: meta.name, uid: meta.uid, controller: true, blockOwnerDeletion: true };
}

/** Whether `object` is controlled by the object with `uid`. */
export function isOwnedBy(object: KubeObject, uid: string): boolean {
  return (object.metadata.ownerReferences ?? []).some(
    (owner) => owner.uid === uid && owner.controller === true,
  );
}

/** A reference for an event about an object. */
export function referenceTo(
  object: KubeObject,
  apiVersion: string,
  kind: string,
  fieldPath?: string,
): ObjectReference {
  return {
    kind,
    ...(object.metadata.namespace ? { namespace: object.metadata.namespace } : {}),
    name: object.metadata.name,
    uid: object.metadata.uid,
    apiVersion,
    ...(fieldPath ? { fieldPath } : {}),
  };
}

/** An event change in one call. */
export function eventAbout(
  regarding: ObjectReference,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  component: string,
  host?: string,
): Change {
  return { op: 'event', event: { regarding, type, reason, message, component, ...(host ? { host } : {}) } };
}
