import type { LanguageModelV4FunctionTool, LanguageModelV4ProviderTool } from '@ai-sdk/provider';
import { isRecord, list } from './json-access.ts';

/**
 * The tools the analyst may call: read-only tools of kubernetes-mcp-server. A tool that is not in this table is never
 * called, whatever its description or any text says.
 */
const READ_ONLY_TOOLS = [
  'pods_list',
  'pods_list_in_namespace',
  'pods_get',
  'pods_log',
  'pods_top',
  'events_list',
  'namespaces_list',
  'nodes_top',
  'resources_get',
  'resources_list',
] as const;

export type KnownTool = (typeof READ_ONLY_TOOLS)[number];

/** The only tool that changes something and is ever called, by agents of type `action` alone; TARS asks a person first. */
const CHANGE_TOOL = 'resources_create_or_update';

/** What the analyst wants to know, independent of the tool that answers it. */
export type Lookup =
  | { kind: 'pods'; namespace?: string; fieldSelector?: string }
  | { kind: 'pod'; namespace: string; name: string }
  | { kind: 'log'; namespace: string; pod: string; container?: string; previous?: boolean; tail: number }
  | { kind: 'events'; namespace?: string }
  | { kind: 'namespaces' }
  | { kind: 'podMetrics'; namespace?: string }
  | { kind: 'nodeMetrics' }
  | { kind: 'object'; apiVersion: string; of: string; namespace?: string; name: string }
  | { kind: 'objects'; apiVersion: string; of: string; namespace?: string; labelSelector?: string };

interface WireCall {
  toolName: string;
  tool: KnownTool;
  args: Record<string, string | number | boolean>;
}

export interface Toolbox {
  /** Wire names by known tool, all of one server. */
  tools: Map<KnownTool, { wireName: string; properties: Set<string>; required: string[] }>;
  server: string;
  /** Other servers that offer the same tools. */
  otherServers: string[];
}

/** Whether a wire name is that of the tool that changes something. */
export function isChangeTool(wireName: string): boolean {
  return wireName === CHANGE_TOOL || wireName.endsWith(`__${CHANGE_TOOL}`);
}

/** The wire name of the tool that changes something, of the server that is read from and of no other. */
export function changeToolOf(offered: OfferedTools, server: string): string | null {
  return offered.find(({ name }) => isChangeTool(name) && serverOf(name) === server)?.name ?? null;
}

/** The tools of the servers that can change something, so that what is read is what would be changed; else all. */
export function toolsForActing(offered: OfferedTools): OfferedTools {
  const servers = offered.filter(({ name }) => isChangeTool(name)).map(({ name }) => serverOf(name));
  return servers.length === 0 ? offered : offered.filter(({ name }) => servers.includes(serverOf(name)));
}

type OfferedTools = (LanguageModelV4FunctionTool | LanguageModelV4ProviderTool)[];

const serverOf = (wireName: string): string =>
  wireName.includes('__') ? wireName.slice(0, wireName.lastIndexOf('__')) : '';

/** The known tool behind a wire name (`cluster__pods_log` → `pods_log`), or null. */
export function knownToolOf(wireName: string): KnownTool | null {
  const bare = wireName.slice(wireName.lastIndexOf('__') === -1 ? 0 : wireName.lastIndexOf('__') + 2);
  return READ_ONLY_TOOLS.find((name) => name === bare) ?? null;
}

/**
 * Chooses the server to ask: the one whose name the alert mentions, otherwise the one that offers most of the known
 * tools (the first of equals).
 */
export function openToolbox(
  offered: readonly (LanguageModelV4FunctionTool | LanguageModelV4ProviderTool)[],
  alertText: string,
): Toolbox {
  const servers = new Map<string, Toolbox['tools']>();
  for (const tool of offered) {
    if (tool.type !== 'function') continue;
    const known = knownToolOf(tool.name);
    if (known === null) continue;
    const server = serverOf(tool.name);
    const tools: Toolbox['tools'] = servers.get(server) ?? new Map();
    const schema: unknown = tool.inputSchema;
    const properties = isRecord(schema) && isRecord(schema.properties) ? Object.keys(schema.properties) : [];
    tools.set(known, {
      wireName: tool.name,
      properties: new Set(properties),
      required: list(schema, 'required').map(String),
    });
    servers.set(server, tools);
  }
  const text = alertText.toLowerCase();
  const ranked = [...servers].sort(([a, aTools], [b, bTools]) => {
    const named = Number(mentions(text, b)) - Number(mentions(text, a));
    return named !== 0 ? named : bTools.size - aTools.size;
  });
  const [server, tools] = ranked[0] ?? ['', new Map()];
  return { server, tools, otherServers: ranked.slice(1).map(([name]) => name) };
}

function mentions(text: string, server: string): boolean {
  return (
    server !== '' &&
    new RegExp(`(^|[^a-z0-9-])${server.toLowerCase().replace(/[^a-z0-9-]/g, '.')}($|[^a-z0-9-])`).test(text)
  );
}

/** The call that answers a look-up with the tools at hand, or null when none of them can. */
export function toWireCall(box: Toolbox, lookup: Lookup): WireCall | null {
  for (const [tool, args] of candidates(lookup)) {
    const offered = box.tools.get(tool);
    if (!offered) continue;
    const present = Object.entries(args).filter(
      (entry): entry is [string, string | number | boolean] => entry[1] !== undefined,
    );
    if (present.some(([key]) => offered.properties.size > 0 && !offered.properties.has(key))) continue;
    if (offered.required.some((key) => !present.some(([name]) => name === key))) continue;
    return { toolName: offered.wireName, tool, args: Object.fromEntries(present) };
  }
  return null;
}

type Args = Record<string, string | number | boolean | undefined>;

function candidates(lookup: Lookup): [KnownTool, Args][] {
  switch (lookup.kind) {
    case 'pods': {
      const { namespace, fieldSelector } = lookup;
      const generic: [KnownTool, Args] = [
        'resources_list',
        { apiVersion: 'v1', kind: 'Pod', namespace, fieldSelector },
      ];
      return namespace === undefined
        ? [['pods_list', { fieldSelector }], generic]
        : [['pods_list_in_namespace', { namespace, fieldSelector }], generic];
    }
    case 'pod': {
      const { namespace, name } = lookup;
      return [
        ['pods_get', { namespace, name }],
        ['resources_get', { apiVersion: 'v1', kind: 'Pod', namespace, name }],
      ];
    }
    case 'log': {
      const { namespace, pod, container, previous, tail } = lookup;
      return [['pods_log', { namespace, name: pod, container, previous, tail }]];
    }
    case 'events':
      return [
        ['events_list', { namespace: lookup.namespace }],
        ['resources_list', { apiVersion: 'v1', kind: 'Event', namespace: lookup.namespace }],
      ];
    case 'namespaces':
      return [
        ['namespaces_list', {}],
        ['resources_list', { apiVersion: 'v1', kind: 'Namespace' }],
      ];
    case 'podMetrics':
      return [
        [
          'pods_top',
          lookup.namespace === undefined
            ? { all_namespaces: true }
            : { all_namespaces: false, namespace: lookup.namespace },
        ],
      ];
    case 'nodeMetrics':
      return [['nodes_top', {}]];
    case 'object': {
      const { apiVersion, of, namespace, name } = lookup;
      return [['resources_get', { apiVersion, kind: of, namespace, name }]];
    }
    case 'objects': {
      const { apiVersion, of, namespace, labelSelector } = lookup;
      return [['resources_list', { apiVersion, kind: of, namespace, labelSelector }]];
    }
  }
}

/** Identity of a call: the tool and its arguments, in any order, without defaults. */
export function callKey(tool: string, args: Record<string, unknown>): string {
  const sorted = Object.keys(args)
    .sort()
    .map((key) => `${key}=${JSON.stringify(args[key])}`);
  return `${tool}?${sorted.join('&')}`;
}
