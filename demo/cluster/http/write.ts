import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { admitPod } from '../kinds/admit-pod.ts';
import { safeParseKind } from '../kinds/parse-kind.ts';
import type { ResourceInfo } from '../kinds/resources.ts';
import { groupVersionOf, infoOf } from '../kinds/resources.ts';
import type { KindMap, KubeObject, Resource } from '../kinds/schema.ts';
import { applyJsonPatch, applyMergePatch, applyStrategicPatch, PatchError } from '../patch.ts';
import { nameSuffix, noise } from '../random.ts';
import type { Simulation } from '../simulation.ts';
import { StoreError } from '../store.ts';
import { type Exchange, isRecord, parseJson, readBody, readObject, sendJson } from './exchange.ts';
import { selectionOf } from './read.ts';
import { represent } from './represent.ts';
import { ApiError } from './status-error.ts';

/** Validates an object against its kind. @throws ApiError 422 with the paths of what is wrong */
export function validate<K extends Resource>(resource: K, value: unknown): KindMap[K] {
  const parsed = safeParseKind(resource, value);
  if (parsed.ok) return parsed.object;
  const { kind } = infoOf(resource);
  const causes = parsed.issues.map(({ path, message }) => ({
    reason: message.includes('undefined') ? 'FieldValueRequired' : 'FieldValueInvalid',
    message,
    field: path,
  }));
  const name = isRecord(value) && isRecord(value.metadata) ? String(value.metadata.name ?? '') : '';
  const text = causes.map((cause) => `${cause.field}: ${cause.message}`).join(', ');
  throw new ApiError(422, 'Invalid', `${kind} "${name}" is invalid: ${text}`, { name, kind, causes });
}

function isDryRun(exchange: Exchange): boolean {
  return exchange.query.get('dryRun') === 'All';
}

/** `POST` of a new object. */
export async function createObject(
  exchange: Exchange,
  info: ResourceInfo,
  namespace: string | undefined,
): Promise<void> {
  const body = await readObject(exchange.request);
  const { store } = exchange.simulation;
  const metadata = isRecord(body.metadata) ? { ...body.metadata } : {};
  if (namespace !== undefined) {
    if (metadata.namespace !== undefined && metadata.namespace !== namespace) {
      throw new ApiError(
        400,
        'BadRequest',
        'the namespace of the provided object does not match the namespace sent on the request',
      );
    }
    metadata.namespace = namespace;
    if (!store.get('namespaces', undefined, namespace))
      throw new StoreError('NotFound', 'namespaces', namespace);
  }
  if (!metadata.name && typeof metadata.generateName === 'string') {
    metadata.name =
      metadata.generateName +
      nameSuffix(`${exchange.simulation.seed}/${metadata.generateName}/${store.version}`);
  }
  if (!metadata.name)
    throw new ApiError(
      422,
      'Invalid',
      `${info.kind} is invalid: metadata.name: Required value: name or generateName is required`,
    );
  delete metadata.resourceVersion;
  delete metadata.uid;
  delete metadata.creationTimestamp;
  const object = prepare(exchange.simulation, info.resource, {
    ...body,
    apiVersion: groupVersionOf(info),
    kind: info.kind,
    metadata,
  });
  sendJson(exchange.response, 201, represent(keep(exchange, info.resource, object, 'create'), info));
}

/** Defaulting and allocation that admission does on create and update, then validation. */
function prepare(simulation: Simulation, resource: Resource, value: Record<string, unknown>): KubeObject {
  return validate(resource, admit(simulation, resource, value));
}

function admit(
  simulation: Simulation,
  resource: Resource,
  value: Record<string, unknown>,
): Record<string, unknown> {
  if (resource === 'pods') return admitPod(validate('pods', value));
  if (resource === 'secrets') {
    const { stringData, ...secret } = validate('secrets', value);
    const encoded = Object.entries(stringData ?? {}).map(([key, text]) => [
      key,
      Buffer.from(text).toString('base64'),
    ]);
    return { ...secret, data: { ...secret.data, ...Object.fromEntries(encoded) } };
  }
  if (resource !== 'services') return value;
  const service = validate('services', value);
  const { clusterIP, type = 'ClusterIP' } = service.spec;
  if (type === 'ExternalName') return service;
  const address = clusterIP || allocateAddress(simulation, service.metadata.name);
  return { ...service, spec: { ...service.spec, type, clusterIP: address } };
}

/** Stores an object unless the request is a dry run. */
function keep(
  exchange: Exchange,
  resource: Resource,
  object: KubeObject,
  mode: 'create' | 'update',
): KubeObject {
  if (isDryRun(exchange)) return object;
  return exchange.simulation.store[mode](resource, object);
}

function allocateAddress(simulation: Simulation, name: string): string {
  const part = (key: string) =>
    1 + Math.floor(noise(`${simulation.seed}/${name}/${simulation.store.version}/${key}`) * 250);
  return `10.96.${part('a')}.${part('b')}`;
}

function current(
  exchange: Exchange,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
): KubeObject {
  const object = exchange.simulation.store.get(info.resource, namespace, name);
  if (!object) throw new StoreError('NotFound', info.resource, name);
  return object;
}

/** `PUT` of an object, of its status when `subresource` says so. */
export async function replaceObject(
  exchange: Exchange,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
  subresource?: string,
): Promise<void> {
  const existing = current(exchange, info, namespace, name);
  const body = await readObject(exchange.request);
  save(exchange, info, existing, body, subresource);
}

/** `PATCH` of an object: json, merge, strategic merge, and apply (server-side apply as create-or-merge). */
export async function patchObject(
  exchange: Exchange,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
  subresource?: string,
): Promise<void> {
  const type = exchange.request.headers['content-type'] ?? '';
  const text = await readBody(exchange.request);
  if (type.includes('apply-patch')) {
    applyObject(exchange, info, namespace, name, parseYaml(text));
    return;
  }
  const existing = current(exchange, info, namespace, name);
  const patch = parseJson(text);
  save(exchange, info, existing, patched(represent(existing, info), patch, type), subresource);
}

function patched(target: unknown, patch: unknown, type: string): unknown {
  try {
    if (type.includes('json-patch')) return applyJsonPatch(target, patch);
    if (type.includes('strategic-merge-patch')) return applyStrategicPatch(target, patch);
    if (type.includes('merge-patch')) return applyMergePatch(target, patch);
  } catch (error) {
    if (error instanceof PatchError) throw new ApiError(422, 'Invalid', error.message);
    throw error;
  }
  throw new ApiError(415, 'UnsupportedMediaType', 'the body of the request was in an unknown format');
}

function applyObject(
  exchange: Exchange,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
  body: unknown,
): void {
  if (!isRecord(body)) throw new ApiError(400, 'BadRequest', 'the body is not an object');
  const existing = exchange.simulation.store.get(info.resource, namespace, name);
  if (existing) {
    save(exchange, info, existing, applyStrategicPatch(represent(existing, info), body));
    return;
  }
  const metadata = {
    ...(isRecord(body.metadata) ? body.metadata : {}),
    name,
    ...(namespace ? { namespace } : {}),
  };
  const object = prepare(exchange.simulation, info.resource, {
    ...body,
    apiVersion: groupVersionOf(info),
    kind: info.kind,
    metadata,
  });
  const created = keep(exchange, info.resource, object, 'create');
  sendJson(exchange.response, 201, represent(created, info));
}

function save(
  exchange: Exchange,
  info: ResourceInfo,
  existing: KubeObject,
  next: unknown,
  subresource?: string,
): void {
  if (!isRecord(next)) throw new ApiError(422, 'Invalid', 'the result is not an object');
  const { apiVersion, kind } = existing;
  const metadata = isRecord(next.metadata) ? next.metadata : {};
  const identity = { name: existing.metadata.name, namespace: existing.metadata.namespace };
  const merged: Record<string, unknown> =
    subresource === 'status'
      ? {
          ...existing,
          status: next.status,
          metadata: { ...existing.metadata, resourceVersion: metadata.resourceVersion ?? '' },
        }
      : {
          ...next,
          apiVersion,
          kind,
          metadata: { ...metadata, ...identity, deletionTimestamp: existing.metadata.deletionTimestamp },
        };
  if (subresource !== 'status' && 'status' in existing) merged.status = existing.status;
  const object = prepare(exchange.simulation, info.resource, merged);
  const saved = keep(exchange, info.resource, object, 'update');
  sendJson(exchange.response, 200, represent(saved, info));
}

const deleteOptions = z.looseObject({
  gracePeriodSeconds: z.number().nullish(),
  propagationPolicy: z.string().nullish(),
  dryRun: z.array(z.string()).nullish(),
  preconditions: z
    .looseObject({ uid: z.string().nullish(), resourceVersion: z.string().nullish() })
    .nullish(),
});

/** Options of a deletion; those sent in protobuf are not read and count as the defaults. */
async function readOptions(exchange: Exchange): Promise<Record<string, unknown>> {
  const text = await readBody(exchange.request);
  if (exchange.request.headers['content-type']?.includes('protobuf')) return {};
  const value = text.trim() === '' ? {} : parseJson(text);
  return isRecord(value) ? value : {};
}

/** `POST` of a pod's eviction, as `kubectl drain` sends it. */
export async function evictPod(
  exchange: Exchange,
  namespace: string | undefined,
  name: string,
): Promise<void> {
  await readOptions(exchange);
  const pod = exchange.simulation.store.get('pods', namespace, name);
  if (!pod) throw new StoreError('NotFound', 'pods', name);
  if (!isDryRun(exchange)) exchange.simulation.apply({ op: 'delete', resource: 'pods', namespace, name });
  sendJson(exchange.response, 201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
}

/** `DELETE` of one object; owned objects follow by garbage collection unless orphaned. */
export async function deleteObject(
  exchange: Exchange,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
): Promise<void> {
  const existing = current(exchange, info, namespace, name);
  const options = deleteOptions.safeParse(await readOptions(exchange)).data ?? {};
  const { uid, resourceVersion } = options.preconditions ?? {};
  if (
    (uid && uid !== existing.metadata.uid) ||
    (resourceVersion && resourceVersion !== existing.metadata.resourceVersion)
  ) {
    throw new StoreError('Conflict', info.resource, name);
  }
  const graceText = exchange.query.get('gracePeriodSeconds');
  const graceSeconds = graceText === null ? options.gracePeriodSeconds : Number(graceText);
  if (!isDryRun(exchange) && !options.dryRun?.length)
    remove(exchange.simulation, info, existing, graceSeconds);
  const left = exchange.simulation.store.get(info.resource, namespace, name);
  if (left) {
    sendJson(exchange.response, 200, represent(left, info));
    return;
  }
  const details = {
    name,
    kind: info.resource,
    uid: existing.metadata.uid,
    ...(info.group ? { group: info.group } : {}),
  };
  sendJson(exchange.response, 200, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details,
  });
}

function remove(
  simulation: Simulation,
  info: ResourceInfo,
  object: KubeObject,
  graceSeconds?: number | null,
): void {
  const { namespace, name } = object.metadata;
  if (info.resource === 'namespaces') {
    const existing = simulation.store.get('namespaces', undefined, name);
    if (!existing) return;
    const deletionTimestamp = new Date(simulation.clock.now()).toISOString();
    simulation.store.update('namespaces', {
      ...existing,
      metadata: { ...existing.metadata, deletionTimestamp },
      status: { phase: 'Terminating' },
    });
    return;
  }
  const graceMs = graceSeconds === undefined || graceSeconds === null ? undefined : graceSeconds * 1000;
  simulation.apply({
    op: 'delete',
    resource: info.resource,
    namespace,
    name,
    ...(graceMs === undefined ? {} : { graceMs }),
  });
}

/** `DELETE` of a collection. */
export async function deleteCollection(
  exchange: Exchange,
  info: ResourceInfo,
  namespace: string | undefined,
): Promise<void> {
  await readOptions(exchange);
  const objects = exchange.simulation.store.list(info.resource, namespace).filter(selectionOf(exchange));
  for (const object of objects) remove(exchange.simulation, info, object);
  sendJson(exchange.response, 200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
}
