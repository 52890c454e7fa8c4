import {
  type EventFact,
  type Facts,
  type FailureFact,
  type LogFact,
  noFacts,
  type PodFact,
} from './facts.ts';
import { str } from './json-access.ts';
import { type KnownTool, knownToolOf } from './known-tools.ts';
import { parseEvents } from './parse-events.ts';
import { parseNodeMetrics, parsePodMetrics } from './parse-metrics.ts';
import { addObject } from './parse-objects.ts';
import { addRow } from './parse-rows.ts';
import { looksLikeTable, parseTable } from './parse-table.ts';
import { parseObjects } from './parse-yaml.ts';
import type { Exchange } from './read-conversation.ts';
import { MAX_PARSED_CHARS } from './tunables.ts';

/** Everything the tool results of a conversation say. Results of unknown tools are ignored. */
export function gatherFacts(exchanges: readonly Exchange[]): Facts {
  const facts = noFacts();
  for (const exchange of exchanges) {
    const tool = knownToolOf(exchange.toolName);
    if (tool === null || exchange.output === null) continue;
    const text = exchange.output.slice(0, MAX_PARSED_CHARS).replace(CUT_MARK, '');
    const failure = readFailure(exchange, tool, text);
    if (failure) facts.failures.push(failure);
    else addResult(facts, exchange, tool, text);
  }
  facts.pods = mergePods(facts.pods);
  facts.services = preferDetailed(facts.services);
  facts.workloads = preferDetailed(facts.workloads);
  facts.nodes = preferDetailed(facts.nodes);
  facts.policies = preferDetailed(facts.policies);
  facts.claims = latestOf(facts.claims);
  facts.storageClasses = latestOf(facts.storageClasses);
  facts.events = distinctEvents(facts.events);
  return facts;
}

/** A line that stands for text that was left out of a long result. */
const CUT_MARK = /^\[(?:…|\.\.\.).*$/gm;

/** How kubernetes-mcp-server and kubectl word a failed call. */
const FAILURE = /^\s*(?:failed to (?:get|list|retrieve)|error executing tool|Error from server)\b/i;
/** A log may begin with the word error itself, so only the tool's own sentence counts. */
const LOG_FAILURE = /^\s*failed to get pod \S* ?log\b/;

/** Lines of a failed result that are searched for the reason. */
const MAX_ERROR_LINES = 10;

/** A result that is an error, also when the tool returned it as ordinary text. */
function readFailure(exchange: Exchange, tool: KnownTool, text: string): FailureFact | null {
  const failed = exchange.failed || (tool === 'pods_log' ? LOG_FAILURE : FAILURE).test(text);
  if (!failed) return null;
  const lines = text.trim().split('\n').slice(0, MAX_ERROR_LINES);
  const message = lines.find((line) => failureReason(line) !== 'other') ?? lines[0] ?? '';
  return { ref: exchange.id, tool, args: exchange.args, reason: failureReason(message), message };
}

function failureReason(message: string): FailureFact['reason'] {
  if (/not ?found|no matches for kind/i.test(message)) return 'not_found';
  if (/forbidden|unauthorized|not allowed|denied/i.test(message)) return 'forbidden';
  if (/timeout|timed out|refused|unavailable|unreachable|no such host|EOF/i.test(message))
    return 'unavailable';
  return 'other';
}

function addResult(facts: Facts, exchange: Exchange, tool: KnownTool, text: string): void {
  const { id, args } = exchange;
  switch (tool) {
    case 'pods_log':
      facts.logs.push(readLog(exchange, text));
      return;
    case 'events_list':
      facts.events.push(...parseEvents(text, id));
      return;
    case 'pods_top':
      facts.podMetrics.push(...parsePodMetrics(text, id));
      return;
    case 'nodes_top':
      facts.nodeMetrics.push(...parseNodeMetrics(text, id));
      return;
    case 'pods_get':
    case 'resources_get':
      addObjects(facts, text, id, str(args, 'kind') || 'Pod', str(args, 'namespace'));
      return;
    case 'pods_list':
    case 'pods_list_in_namespace':
      addList(facts, exchange, 'Pod', text);
      return;
    case 'namespaces_list':
      addList(facts, exchange, 'Namespace', text);
      return;
    case 'resources_list':
      if (str(args, 'kind') === 'Event') facts.events.push(...parseEvents(text, id));
      else addList(facts, exchange, str(args, 'kind'), text);
      return;
  }
}

function readLog(exchange: Exchange, text: string): LogFact {
  const { id: ref, args } = exchange;
  const empty = /^The pod \S+ in namespace \S+ has not logged any message yet\s*$/.test(text);
  return {
    ref,
    namespace: str(args, 'namespace'),
    pod: str(args, 'name'),
    container: str(args, 'container'),
    previous: args.previous === true,
    lines: empty
      ? []
      : text
          .split('\n')
          .map((line) => line.trimEnd())
          .filter((line) => line !== ''),
  };
}

function addList(facts: Facts, exchange: Exchange, kind: string, text: string): void {
  const { id: ref, args } = exchange;
  const namespace = str(args, 'namespace');
  const selected = str(args, 'labelSelector') !== '' || str(args, 'fieldSelector') !== '';
  // What is missing from a list that was cut may still exist.
  const filtered = selected || exchange.output?.search(CUT_MARK) !== -1;
  if (looksLikeTable(text)) {
    const rows = parseTable(text);
    for (const row of rows)
      addRow(facts, row.kind || kind, row.namespace === '' ? { ...row, namespace } : row, ref);
    facts.listed.push({ ref, kind, namespace, filtered, count: rows.length });
    return;
  }
  const count = addObjects(facts, text, ref, kind, namespace);
  // An empty list prints nothing, or a sentence that none was found.
  const emptyList =
    text.trim() === '' || text.trim() === '[]' || /\bno\b.*\bfound\b|no resources/i.test(text.trim());
  if (count > 0 || emptyList) facts.listed.push({ ref, kind, namespace, filtered, count });
}

function addObjects(facts: Facts, text: string, ref: string, kind: string, namespace: string): number {
  const objects = parseObjects(text);
  for (const object of objects) {
    const metadata = { namespace, ...(typeof object.metadata === 'object' ? object.metadata : {}) };
    addObject(facts, { ...object, kind: str(object, 'kind').replace(/List$/, '') || kind, metadata }, ref);
  }
  return objects.length;
}

function mergePods(pods: PodFact[]): PodFact[] {
  const merged = new Map<string, PodFact>();
  for (const pod of pods) {
    const key = `${pod.namespace}/${pod.name}`;
    const known = merged.get(key);
    if (!known) {
      merged.set(key, pod);
      continue;
    }
    const [base, other] = known.detailed && !pod.detailed ? [known, pod] : [pod, known];
    merged.set(key, {
      ...base,
      quote: base.quote || other.quote,
      listRef: base.listRef || other.listRef,
      node: base.node || other.node,
      status: base.detailed && base.containers.length === 0 ? other.status : base.status,
    });
  }
  return [...merged.values()];
}

function preferDetailed<T extends { name: string; namespace?: string; kind?: string; detailed: boolean }>(
  items: T[],
): T[] {
  const kept = new Map<string, T>();
  for (const item of items) {
    const key = `${item.kind ?? ''}/${item.namespace ?? ''}/${item.name}`;
    if (item.detailed || !kept.get(key)?.detailed) kept.set(key, item);
  }
  return [...kept.values()];
}

function latestOf<T extends { name: string; namespace?: string }>(items: T[]): T[] {
  return [...new Map(items.map((item) => [`${item.namespace ?? ''}/${item.name}`, item])).values()];
}

function distinctEvents(events: EventFact[]): EventFact[] {
  const seen = new Map<string, EventFact>();
  for (const event of events) {
    const key = [event.namespace, event.kind, event.name, event.reason, event.message].join('|');
    if (!seen.has(key)) seen.set(key, event);
  }
  return [...seen.values()];
}
