import type { ResourceInfo } from '../kinds/resources.ts';
import { groupVersionOf } from '../kinds/resources.ts';
import type { KubeObject } from '../kinds/schema.ts';
import { parseFieldSelector, parseLabelSelector, SelectorError } from '../selectors.ts';
import { keyOf, StoreError } from '../store.ts';
import { type Exchange, sendJson } from './exchange.ts';
import { represent } from './represent.ts';
import { ApiError } from './status-error.ts';
import { tableVersion, toTable } from './table.ts';

/** The predicate of a request's label and field selectors. @throws ApiError 400 */
export function selectionOf(exchange: Exchange): (object: KubeObject) => boolean {
  try {
    const byLabel = parseLabelSelector(exchange.query.get('labelSelector') ?? '');
    const byField = parseFieldSelector(exchange.query.get('fieldSelector') ?? '');
    return (object) => byLabel(object.metadata.labels) && byField(object);
  } catch (error) {
    if (error instanceof SelectorError) throw new ApiError(400, 'BadRequest', error.message);
    throw error;
  }
}

/** `GET` of one object. @throws StoreError NotFound */
export function getObject(
  exchange: Exchange,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
): void {
  const object = exchange.simulation.store.get(info.resource, namespace, name);
  if (!object) throw new StoreError('NotFound', info.resource, name);
  const version = tableVersion(exchange.accept);
  if (!version) {
    sendJson(exchange.response, 200, represent(object, info));
    return;
  }
  const metadata = { resourceVersion: object.metadata.resourceVersion };
  sendJson(exchange.response, 200, toTable(info, [object], tableOptions(exchange, version, metadata)));
}

export function tableOptions(exchange: Exchange, version: string, metadata: Record<string, unknown>) {
  return {
    version,
    nowMs: exchange.simulation.clock.now(),
    metadata,
    includeObject: exchange.query.get('includeObject') ?? 'Metadata',
  };
}

interface Continuation {
  version: number;
  after: string;
}

function parseContinue(token: string): Continuation {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && 'version' in parsed && 'after' in parsed) {
      return { version: Number(parsed.version), after: String(parsed.after) };
    }
  } catch {
    // An unreadable token and one of a wrong shape get the same answer below.
  }
  throw new ApiError(400, 'BadRequest', 'continue key is not valid');
}

/**
 * `GET` of a collection, in pages when `limit` is given. All pages of one listing show the state of its first
 * page; a token older than the kept history answers 410, as after etcd's compaction.
 */
export function listObjects(exchange: Exchange, info: ResourceInfo, namespace: string | undefined): void {
  const { store } = exchange.simulation;
  const token = exchange.query.get('continue');
  const continuation = token ? parseContinue(token) : undefined;
  const version = continuation?.version ?? store.version;
  const selected = selectionOf(exchange);
  const all = (continuation ? store.listAt(info.resource, version) : store.list(info.resource))
    .filter((object) => namespace === undefined || object.metadata.namespace === namespace)
    .filter(selected)
    .map((object) => ({ key: keyOf(object.metadata.namespace, object.metadata.name), object }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const rest = continuation ? all.filter((entry) => entry.key > continuation.after) : all;
  const limit = Number(exchange.query.get('limit') ?? 0) || rest.length;
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const metadata: Record<string, unknown> = { resourceVersion: String(version) };
  if (last && page.length < rest.length) {
    metadata.continue = Buffer.from(JSON.stringify({ version, after: last.key })).toString('base64url');
    metadata.remainingItemCount = rest.length - page.length;
  }
  const objects = page.map((entry) => entry.object);
  const table = tableVersion(exchange.accept);
  if (table) {
    sendJson(exchange.response, 200, toTable(info, objects, tableOptions(exchange, table, metadata)));
    return;
  }
  const items = objects.map((object) => represent(object, info));
  sendJson(exchange.response, 200, {
    kind: `${info.kind}List`,
    apiVersion: groupVersionOf(info),
    metadata,
    items,
  });
}
