import type { LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import { stringify } from 'yaml';
import { isRecord, list, num, str, texts } from '../json-access.ts';

/** A small cluster as data, for tests: objects, events, logs and metrics. */
export interface FixtureCluster {
  objects: Record<string, unknown>[];
  events?: {
    namespace: string;
    type?: string;
    reason: string;
    kind: string;
    name: string;
    message: string;
  }[];
  /** Log text by `namespace/pod`, `namespace/pod#previous`. */
  logs?: Record<string, string>;
  /** Memory by `namespace/pod` in Mi. */
  memoryMi?: Record<string, number>;
  nodeMemoryPercent?: Record<string, number>;
}

const string = { type: 'string' } as const;
const boolean = { type: 'boolean' } as const;

/** The read-only tools of kubernetes-mcp-server 0.0.67 as they are offered to a model, with a server prefix. */
export function fixtureTools(server: string): LanguageModelV4FunctionTool[] {
  const tool = (
    name: string,
    properties: Record<string, { type: 'string' | 'boolean' | 'integer' }>,
    required: string[] = [],
  ): LanguageModelV4FunctionTool => ({
    type: 'function',
    name: `${server}__${name}`,
    inputSchema: { type: 'object', properties, required },
  });
  const selectors = { fieldSelector: string, labelSelector: string };
  return [
    tool('events_list', { namespace: string, fieldSelector: string }),
    tool('namespaces_list', { fieldSelector: string }),
    tool('pods_list', selectors),
    tool('pods_list_in_namespace', { namespace: string, ...selectors }, ['namespace']),
    tool('pods_get', { namespace: string, name: string }, ['name']),
    tool(
      'pods_log',
      { namespace: string, name: string, container: string, previous: boolean, tail: { type: 'integer' } },
      ['name'],
    ),
    tool('pods_top', { all_namespaces: boolean, namespace: string, name: string, label_selector: string }),
    tool('nodes_top', { name: string, label_selector: string }),
    tool('resources_get', { apiVersion: string, kind: string, namespace: string, name: string }, [
      'apiVersion',
      'kind',
      'name',
    ]),
    tool('resources_list', { apiVersion: string, kind: string, namespace: string, ...selectors }, [
      'apiVersion',
      'kind',
    ]),
    tool('pods_delete', { namespace: string, name: string }, ['name']),
    tool('pods_exec', { namespace: string, name: string }, ['name']),
  ];
}

/** Answers a tool call in the output formats of kubernetes-mcp-server (table lists, YAML objects). */
export function answerTool(
  cluster: FixtureCluster,
  wireName: string,
  args: Record<string, unknown>,
): { text: string; failed: boolean } {
  const tool = wireName.split('__').at(-1);
  const namespace = str(args, 'namespace');
  const name = str(args, 'name');
  const ok = (text: string) => ({ text, failed: false });
  switch (tool) {
    case 'pods_list':
    case 'pods_list_in_namespace':
      return ok(table(cluster, 'Pod', namespace));
    case 'namespaces_list':
      return ok(table(cluster, 'Namespace', ''));
    case 'resources_list':
      return ok(table(cluster, str(args, 'kind'), namespace));
    case 'pods_get':
      return get(cluster, 'Pod', namespace, name);
    case 'resources_get':
      return get(cluster, str(args, 'kind'), namespace, name);
    case 'events_list':
      return ok(events(cluster, namespace));
    case 'pods_log': {
      const text = cluster.logs?.[`${namespace}/${name}${args.previous === true ? '#previous' : ''}`];
      return ok(text ?? `The pod ${name} in namespace ${namespace} has not logged any message yet`);
    }
    case 'pods_top':
      return ok(
        render(
          ['NAMESPACE', 'POD', 'NAME', 'CPU(cores)', 'MEMORY(bytes)'],
          Object.entries(cluster.memoryMi ?? {})
            .map(([key, mi]) => [...key.split('/'), 'app', '5m', `${mi}Mi`])
            .filter((row) => namespace === '' || row[0] === namespace),
        ),
      );
    case 'nodes_top':
      return ok(
        render(
          ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)'],
          Object.entries(cluster.nodeMemoryPercent ?? {}).map(([node, percent]) => [
            node,
            '500m',
            '12%',
            '7000Mi',
            `${percent}%`,
          ]),
        ),
      );
    default:
      return { text: `unknown tool ${wireName}`, failed: true };
  }
}

function get(
  cluster: FixtureCluster,
  kind: string,
  namespace: string,
  name: string,
): { text: string; failed: boolean } {
  const found = cluster.objects.find(
    (item) =>
      str(item, 'kind') === kind &&
      str(item, 'metadata', 'name') === name &&
      str(item, 'metadata', 'namespace') === namespace,
  );
  return found
    ? { text: stringify(found), failed: false }
    : { text: `failed to get resource: ${kind.toLowerCase()}s "${name}" not found`, failed: true };
}

function events(cluster: FixtureCluster, namespace: string): string {
  const found = (cluster.events ?? []).filter((event) => namespace === '' || event.namespace === namespace);
  if (found.length === 0) return '# No events found';
  return `# The following events (YAML format) were found:\n${stringify(
    found.map((event) => ({
      InvolvedObject: { Kind: event.kind, Name: event.name, apiVersion: 'v1' },
      Message: event.message,
      Namespace: event.namespace,
      Reason: event.reason,
      Timestamp: '2026-01-01 10:00:00 +0000 UTC',
      Type: event.type ?? 'Warning',
    })),
  )}`;
}

function table(cluster: FixtureCluster, kind: string, namespace: string): string {
  const objects = cluster.objects.filter(
    (item) =>
      str(item, 'kind') === kind && (namespace === '' || str(item, 'metadata', 'namespace') === namespace),
  );
  if (objects.length === 0) return '';
  const columns = COLUMNS[kind] ?? {};
  const namespaced = objects.some((item) => str(item, 'metadata', 'namespace') !== '');
  const header = [
    ...(namespaced ? ['NAMESPACE'] : []),
    'APIVERSION',
    'KIND',
    'NAME',
    ...Object.keys(columns),
    'LABELS',
  ];
  return render(
    header,
    objects.map((item) => [
      ...(namespaced ? [str(item, 'metadata', 'namespace')] : []),
      str(item, 'apiVersion'),
      kind,
      str(item, 'metadata', 'name'),
      ...Object.values(columns).map((cell) => cell(item) || '<none>'),
      pairs(texts(item, 'metadata', 'labels')) || '<none>',
    ]),
  );
}

const COLUMNS: Record<string, Record<string, (item: unknown) => string>> = {
  Pod: {
    READY: (item) =>
      `${list(item, 'status', 'containerStatuses').filter((status) => isRecord(status) && status.ready === true).length}/${list(item, 'spec', 'containers').length}`,
    STATUS: (item) =>
      str(item, 'status', 'reason') ||
      list(item, 'status', 'containerStatuses')
        .map((status) => str(status, 'state', 'waiting', 'reason'))
        .find((reason) => reason !== '') ||
      str(item, 'status', 'phase'),
    RESTARTS: (item) =>
      `${list(item, 'status', 'containerStatuses').reduce<number>((sum, status) => sum + (num(status, 'restartCount') ?? 0), 0)} (${str(item, 'restartedAgo') || '3m'} ago)`,
    AGE: () => '1h',
    IP: () => '10.0.0.9',
    NODE: (item) => str(item, 'spec', 'nodeName'),
  },
  Service: {
    TYPE: () => 'ClusterIP',
    'CLUSTER-IP': () => '10.1.1.1',
    'EXTERNAL-IP': () => '',
    'PORT(S)': (item) =>
      list(item, 'spec', 'ports')
        .map((port) => `${str(port, 'port')}/TCP`)
        .join(','),
    AGE: () => '1h',
    SELECTOR: (item) => pairs(texts(item, 'spec', 'selector')),
  },
  PersistentVolumeClaim: {
    STATUS: (item) => str(item, 'status', 'phase'),
    VOLUME: () => '',
    CAPACITY: () => '',
    'ACCESS MODES': () => '',
    STORAGECLASS: (item) => str(item, 'spec', 'storageClassName'),
    AGE: () => '1h',
  },
  StorageClass: {
    PROVISIONER: (item) => str(item, 'provisioner'),
    RECLAIMPOLICY: () => 'Delete',
    VOLUMEBINDINGMODE: (item) => str(item, 'volumeBindingMode') || 'Immediate',
    AGE: () => '1h',
  },
  ReplicaSet: {
    DESIRED: (item) => str(item, 'spec', 'replicas'),
    CURRENT: (item) => str(item, 'spec', 'replicas'),
    READY: (item) => str(item, 'status', 'readyReplicas'),
    AGE: () => '1h',
    CONTAINERS: () => 'app',
    IMAGES: (item) =>
      list(item, 'spec', 'template', 'spec', 'containers')
        .map((container) => str(container, 'image'))
        .join(','),
  },
  Job: {
    STATUS: (item) =>
      list(item, 'status', 'conditions').map((condition) => str(condition, 'type'))[0] ?? 'Running',
    COMPLETIONS: (item) => `${num(item, 'status', 'succeeded') ?? 0}/1`,
    DURATION: () => '4m',
    AGE: () => '1h',
  },
  Node: { STATUS: () => 'Ready', ROLES: () => '', AGE: () => '1d', VERSION: () => 'v1.33.0' },
  Endpoints: { ENDPOINTS: () => '10.0.0.9:8080', AGE: () => '1h' },
};

function render(header: string[], rows: string[][]): string {
  const widths = header.map(
    (title, index) => Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)) + 3,
  );
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('')
        .trimEnd(),
    )
    .join('\n');
}

function pairs(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
