import { formatAge, fromTimestamp } from '../clock.ts';
import type { ResourceInfo } from '../kinds/resources.ts';
import type { KindMap, KubeObject, Resource } from '../kinds/schema.ts';
import { represent } from './represent.ts';
import { type Column, tableColumns } from './table-columns.ts';

/** Whether the client asks for a server-side table, and in which version of the meta group. */
export function tableVersion(accept: string): string | undefined {
  return (
    /as=Table;v=(v1beta1|v1);g=meta\.k8s\.io/.exec(accept)?.[1] ??
    /as=Table/.exec(accept)?.[0].replace('as=Table', 'v1')
  );
}

function columnsOf<K extends Resource>(resource: K): Column<K>[] {
  const columns: Column<K>[] | undefined = tableColumns[resource];
  return (
    columns ?? [
      {
        name: 'Age',
        value: (object, nowMs) => formatAge(fromTimestamp(object.metadata.creationTimestamp), nowMs),
      },
    ]
  );
}

function cellsOf<K extends Resource>(resource: K, object: KindMap[K], nowMs: number): (string | number)[] {
  const cells = columnsOf(resource).map((column) => column.value(object, nowMs));
  // Events are the one kind that does not lead with its name.
  return resource === 'events' ? cells : [object.metadata.name, ...cells];
}

/** A `meta.k8s.io` Table of objects; `includeObject` follows the query parameter of the same name. */
export function toTable(
  info: ResourceInfo,
  objects: KubeObject[],
  options: {
    version: string;
    nowMs: number;
    metadata: Record<string, unknown>;
    includeObject: string;
    withDefinitions?: boolean;
  },
): Record<string, unknown> {
  const named =
    info.resource === 'events'
      ? []
      : [{ name: 'Name', type: 'string', format: 'name', description: '', priority: 0 }];
  const columnDefinitions = [
    ...named,
    ...columnsOf(info.resource).map((column) => ({
      name: column.name,
      type: 'string',
      format: column.name === 'Name' ? 'name' : '',
      description: '',
      priority: column.priority ?? 0,
    })),
  ];
  const rows = objects.map((object) => ({
    // The caller lists one resource, so the object is of the kind the columns expect.
    cells: cellsOf(info.resource, object as never, options.nowMs),
    object: embedded(object, info, options),
  }));
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${options.version}`,
    metadata: options.metadata,
    columnDefinitions: options.withDefinitions === false ? null : columnDefinitions,
    rows,
  };
}

function embedded(
  object: KubeObject,
  info: ResourceInfo,
  options: { version: string; includeObject: string },
): unknown {
  if (options.includeObject === 'None') return undefined;
  if (options.includeObject === 'Object') return represent(object, info);
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: `meta.k8s.io/${options.version}`,
    metadata: object.metadata,
  };
}
