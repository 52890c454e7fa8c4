import type { Sql } from '#src/server/db/database.ts';
import { AppError } from '#src/server/errors.ts';
import { splitSearch } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { isByCost, type SessionListItem } from '../../schema.ts';
import {
  buildListQuery,
  type ListQuery,
  type ListQueryOptions,
  type ListSessionsInput,
  type SortedRow,
} from './list-query.ts';
import { encodeCursor } from './page-cursor.ts';
import { parseSearch, type Search } from './parse-search.ts';
import { readQueuePositions } from './queue-positions.ts';
import { firstWindow, widerWindow } from './search-window.ts';
import { listItem } from './session-rows.ts';
import { costView } from './show-costs.ts';

export type SessionPage = { items: SessionListItem[]; nextCursor: string | null };

/**
 * A page of a project's sessions. Keyset pages: rows that arrive meanwhile neither shift nor repeat others.
 * Throws `bad_request` for a cursor that is not of this list and sort order, and for an order by costs that are not shown.
 */
export async function listSessions(
  kernel: Kernel,
  options: { projectId: string } & ListSessionsInput,
): Promise<SessionPage> {
  requireShownOrder(kernel, options.sort);
  // Names that are masked stand in no text: they are looked up by what is kept of them.
  const { digests, rest } = splitSearch(kernel, options.q ?? '');
  const search = parseSearch(rest);
  if (search.kind === 'none') return { items: [], nextCursor: null };
  const { pool } = kernel.database;
  const rows = await readRows(pool, { ...options, digests }, search);
  const page = rows.slice(0, options.limit);
  const last = page.at(-1);
  const pending = page.filter((row) => row.status === 'pending').map((row) => row.id);
  const costs = costView(kernel);
  const positions = await readQueuePositions(pool, pending);
  return {
    items: page.map((row) =>
      costs.listItem(
        listItem(row, {
          queuePosition: positions.get(row.id) ?? null,
          foundInTimeline: row.found_in_timeline,
        }),
      ),
    ),
    nextCursor:
      last && rows.length > options.limit
        ? encodeCursor({ sort: options.sort, key: last.sort_key, id: last.id })
        : null,
  };
}

/** An order by cost would tell it. */
function requireShownOrder(kernel: Kernel, sort: ListSessionsInput['sort']): void {
  if (!kernel.config.current().costs.enabled && isByCost(sort))
    throw new AppError(
      'bad_request',
      'Costs are not shown here (costs.enabled is false): nothing is sorted by them.',
    );
}

/**
 * Up to `limit + 1` rows. PostgreSQL cannot estimate how many sessions a prefix finds, and reading tens of thousands of
 * hits takes longer than a page may. So a text search first looks at the sessions next in order: a frequent text fills
 * the page from these. A rare one does not, and its hits in the text index are few.
 */
async function readRows(sql: Sql, options: ListQueryOptions, search: Search): Promise<SortedRow[]> {
  const run = async ({ text, values }: ListQuery) => (await sql.query<SortedRow>(text, values)).rows;
  if (search.kind !== 'text') return run(buildListQuery(options, search));
  const wanted = options.limit + 1;
  let window: number | undefined = firstWindow(wanted);
  while (window !== undefined) {
    const rows = await run(buildListQuery(options, search, window));
    if (rows.length === wanted) return rows;
    window = widerWindow({ wanted, window, found: rows.length });
  }
  return run(buildListQuery(options, search));
}
