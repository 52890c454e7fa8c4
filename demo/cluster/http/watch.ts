import { groupVersionOf, type ResourceInfo } from '../kinds/resources.ts';
import type { KubeObject } from '../kinds/schema.ts';
import type { StoreEvent } from '../store.ts';
import { BOOKMARK_MS, WATCH_TIMEOUT_MS } from '../tunables.ts';
import type { Exchange } from './exchange.ts';
import { selectionOf, tableOptions } from './read.ts';
import { represent } from './represent.ts';
import { toApiError } from './status-error.ts';
import { tableVersion, toTable } from './table.ts';

/**
 * `GET ?watch=true`: from a resourceVersion, or from the state now (as ADDED events) without one or with
 * `sendInitialEvents`. A version older than the history gets an ERROR event with a 410 Status.
 */
export function watchObjects(exchange: Exchange, info: ResourceInfo, namespace: string | undefined): void {
  const { response, query, simulation } = exchange;
  const { store } = simulation;
  const selected = selectionOf(exchange);
  const matches = (object: KubeObject) =>
    (namespace === undefined || object.metadata.namespace === namespace) && selected(object);
  const table = tableVersion(exchange.accept);
  let first = true;
  const wrap = (object: KubeObject): Record<string, unknown> => {
    if (!table) return represent(object, info);
    const metadata = { resourceVersion: object.metadata.resourceVersion };
    const wrapped = toTable(info, [object], {
      ...tableOptions(exchange, table, metadata),
      withDefinitions: first,
    });
    first = false;
    return wrapped;
  };
  const send = (type: string, object: Record<string, unknown>) =>
    response.write(`${JSON.stringify({ type, object })}\n`);
  const forward = (event: StoreEvent) => {
    const type = watchType(event, matches);
    if (event.resource === info.resource && type) send(type, wrap(event.object));
  };

  response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
  response.flushHeaders();
  const from = query.get('resourceVersion') ?? '';
  const wantsInitial = query.get('sendInitialEvents') === 'true';
  if (wantsInitial || from === '' || from === '0') {
    for (const object of store.list(info.resource, namespace).filter(matches)) send('ADDED', wrap(object));
    if (wantsInitial)
      send('BOOKMARK', bookmark(info, store.version, { 'k8s.io/initial-events-end': 'true' }));
  } else {
    try {
      for (const event of store.since(info.resource, Number(from))) forward(event);
    } catch (error) {
      send('ERROR', toApiError(error).toStatus());
      response.end();
      return;
    }
  }
  const unsubscribe = store.subscribe(forward);
  const bookmarks = query.get('allowWatchBookmarks') === 'true' || query.get('allowWatchBookmarks') === '1';
  const beat = setInterval(() => bookmarks && send('BOOKMARK', bookmark(info, store.version)), BOOKMARK_MS);
  const timeoutMs = Number(query.get('timeoutSeconds') ?? 0) * 1000 || WATCH_TIMEOUT_MS;
  const end = setTimeout(() => response.end(), timeoutMs);
  response.on('close', () => {
    unsubscribe();
    clearInterval(beat);
    clearTimeout(end);
  });
}

/** How a change looks through a selector: an object that stops matching is DELETED for this watcher. */
export function watchType(event: StoreEvent, matches: (object: KubeObject) => boolean): string | undefined {
  const now = matches(event.object);
  const before = event.previous ? matches(event.previous) : false;
  if (event.type === 'DELETED') return before || now ? 'DELETED' : undefined;
  if (now) return before ? 'MODIFIED' : 'ADDED';
  return before ? 'DELETED' : undefined;
}

function bookmark(
  info: ResourceInfo,
  version: number,
  annotations?: Record<string, string>,
): Record<string, unknown> {
  const metadata = {
    resourceVersion: String(version),
    creationTimestamp: null,
    ...(annotations ? { annotations } : {}),
  };
  return { kind: info.kind, apiVersion: groupVersionOf(info), metadata };
}
