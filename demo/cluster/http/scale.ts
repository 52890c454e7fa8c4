import { z } from 'zod';
import { parseKind } from '../kinds/parse-kind.ts';
import type { ResourceInfo } from '../kinds/resources.ts';
import { applyJsonPatch, applyMergePatch } from '../patch.ts';
import { StoreError } from '../store.ts';
import { type Exchange, parseJson, readBody, sendJson } from './exchange.ts';
import { ApiError } from './status-error.ts';

const SCALABLE = ['deployments', 'replicasets', 'statefulsets'] as const;
type Scalable = (typeof SCALABLE)[number];
const scaleBody = z.looseObject({
  spec: z.looseObject({ replicas: z.number().int().min(0).default(0) }).default({ replicas: 0 }),
});

/** `GET`, `PUT` and `PATCH` of a workload's `scale` subresource (autoscaling/v1). */
export async function handleScale(
  exchange: Exchange,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
): Promise<void> {
  const resource = SCALABLE.find((entry) => entry === info.resource);
  if (!resource) throw new ApiError(404, 'NotFound', 'the server could not find the requested resource');
  const before = scaleOf(exchange, resource, namespace, name);
  if (exchange.method !== 'GET') {
    const text = await readBody(exchange.request);
    const body = parseJson(text);
    const type = exchange.request.headers['content-type'] ?? '';
    const next =
      exchange.method === 'PUT'
        ? body
        : type.includes('json-patch')
          ? applyJsonPatch(before, body)
          : applyMergePatch(before, body);
    const parsed = scaleBody.safeParse(next);
    if (!parsed.success)
      throw new ApiError(422, 'Invalid', `Scale "${name}" is invalid: ${parsed.error.issues[0]?.message}`);
    setReplicas(exchange, resource, namespace, name, parsed.data.spec.replicas);
  }
  sendJson(exchange.response, 200, scaleOf(exchange, resource, namespace, name));
}

function setReplicas(
  exchange: Exchange,
  resource: Scalable,
  namespace: string | undefined,
  name: string,
  replicas: number,
): void {
  const { store } = exchange.simulation;
  const object = store.get(resource, namespace, name);
  if (!object) throw new StoreError('NotFound', resource, name);
  store.update(resource, parseKind(resource, { ...object, spec: { ...object.spec, replicas } }));
}

function scaleOf(
  exchange: Exchange,
  resource: Scalable,
  namespace: string | undefined,
  name: string,
): Record<string, unknown> {
  const object = exchange.simulation.store.get(resource, namespace, name);
  if (!object) throw new StoreError('NotFound', resource, name);
  const { uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = Object.entries(object.spec.selector.matchLabels ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  );
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: object.spec.replicas },
    status: { replicas: object.status.replicas ?? 0, selector: selector.join(',') },
  };
}
