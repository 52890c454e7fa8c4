import { fromTimestamp } from '../clock.ts';
import { groupVersionOf, type ResourceInfo } from '../kinds/resources.ts';
import type { KubeObject } from '../kinds/schema.ts';

/** Object as a group serves it: apiVersion and kind always set, events in the shape of the group asked for. */
export function represent(object: KubeObject, info: ResourceInfo): Record<string, unknown> {
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = withoutGeneration(object, info);
  const { metadata } = rest;
  const served: Record<string, unknown> = {
    apiVersion: groupVersionOf(info),
    kind: info.kind,
    ...rest,
    metadata: withoutStageDirections(metadata),
  };
  return info.group === 'events.k8s.io' ? toNewEvent(served) : served;
}

/** Annotations that steer the simulation are not part of what a cluster shows. */
function withoutStageDirections(metadata: KubeObject['metadata']): KubeObject['metadata'] {
  const { annotations } = metadata;
  if (!annotations) return metadata;
  const shown = Object.entries(annotations).filter(([key]) => !key.startsWith('simulation/'));
  if (shown.length === Object.keys(annotations).length) return metadata;
  return { ...metadata, annotations: Object.fromEntries(shown) };
}

/** Kinds whose objects carry no generation in a real cluster. */
const UNVERSIONED = [
  'namespaces',
  'nodes',
  'services',
  'endpoints',
  'configmaps',
  'secrets',
  'serviceaccounts',
  'events',
  'persistentvolumes',
  'persistentvolumeclaims',
  'storageclasses',
];

function withoutGeneration(object: KubeObject, info: ResourceInfo): KubeObject {
  if (!UNVERSIONED.includes(info.resource)) return object;
  const { generation: _generation, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function microTime(value: unknown): string | null {
  const ms = typeof value === 'string' ? fromTimestamp(value) : undefined;
  return ms === undefined ? null : `${new Date(ms).toISOString().slice(0, 23)}000Z`;
}

/** core/v1 Event → events.k8s.io/v1 Event (the conversion of k8s.io/kubernetes pkg/apis/events). */
function toNewEvent(event: Record<string, unknown>): Record<string, unknown> {
  const {
    involvedObject,
    message,
    count,
    firstTimestamp,
    lastTimestamp,
    source,
    reportingComponent,
    reportingInstance,
    eventTime,
    ...rest
  } = event;
  return {
    ...rest,
    eventTime: microTime(eventTime),
    regarding: involvedObject,
    note: message,
    reportingController: reportingComponent,
    reportingInstance,
    deprecatedCount: count,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    deprecatedSource: source,
  };
}
