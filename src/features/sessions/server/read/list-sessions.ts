import { z } from 'zod';
import type { Sql } from '#src/server/db/database.ts';
import { splitSearch } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import {
  type listSessionsInputSchema,
  type SessionListItem,
  type SessionSort,
  scoreBands,
} from '../../schema.ts';
import { decodeCursor, encodeCursor } from './page-cursor.ts';
import { parseSearch, type Search } from './parse-search.ts';
import { readQueuePositions } from './queue-positions.ts';
import { LIST_ROW_SQL, type ListRow, listItem } from './session-rows.ts';
import { parseSort, type SortKey } from './sort-keys.ts';
import { SEARCH_WINDOW_PER_ROW } from './tunables.ts';

export type ListSessionsInput = z.infer<typeof listSessionsInputSchema>;
export type SessionPage = { items: SessionListItem[]; nextCursor: string | null };

/**
 * A page of a project's sessions. Keyset pages: rows that arrive meanwhile neither shift nor repeat others.
 * Throws `bad_request` for a cursor that is not of this list and sort order.
 */
export async function listSessions(kernel: Kernel, options: ListOptions): Promise<SessionPage> {
  // Names that are masked stand in no text: they are looked up by what is kept of them.
  const { digests, rest } = splitSearch(kernel, options.q ?? '');
  const search = parseSearch(rest);
  if (search.kind === 'none') return { items: [], nextCursor: null };
  const { pool } = kernel.database;
  const rows = await readRows(pool, { ...options, digests }, search);
  const page = rows.slice(0, options.limit);
  const last = page.at(-1);
  const pending = page.filter((row) => row.status === 'pending').map((row) => row.id);
  const positions = await readQueuePositions(pool, pending);
  return {
    items: page.map((row) =>
      listItem(row, {
        queuePosition: positions.get(row.id) ?? null,
        foundInTimeline: row.found_in_timeline,
      }),
    ),
    nextCursor:
      last && rows.length > options.limit
        ? encodeCursor({ sort: options.sort, key: last.sort_key, id: last.id })
        : null,
  };
}

type Query = { text: string; values: unknown[] };
type SortedRow = ListRow & { sort_key: number | string; found_in_timeline: boolean };
type ListOptions = { projectId: string } & ListSessionsInput;
type RowOptions = ListOptions & { digests: readonly Buffer[] };

/**
 * Up to `limit + 1` rows. PostgreSQL cannot estimate how many sessions a prefix finds, and sorting tens of thousands of
 * hits takes longer than a page may. So a text search first looks at the sessions next in order: a frequent text fills
 * the page from these. A rare one does not, and its hits in the text index are few.
 */
async function readRows(sql: Sql, options: RowOptions, search: Search): Promise<SortedRow[]> {
  const run = async ({ text, values }: Query) => (await sql.query<SortedRow>(text, values)).rows;
  if (search.kind === 'text') {
    const rows = await run(buildListQuery(options, search, (options.limit + 1) * SEARCH_WINDOW_PER_ROW));
    if (rows.length > options.limit) return rows;
  }
  return run(buildListQuery(options, search));
}

/**
 * The SQL of one page: the ids in order from one index, then the columns of those rows only. With `window`, only so many
 * sessions (per status) that come next in order are searched.
 */
function buildListQuery(options: RowOptions, search: Search, window?: number): Query {
  const values: unknown[] = [];
  const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`;
  const { key, descending } = parseSort(options.sort);
  const direction = descending ? 'desc' : 'asc';
  const order = `${key.expression} ${direction}, s.id ${direction}`;
  const conditions = [`s.project_id = ${bind(options.projectId, 'uuid')}`];
  if (options.alertType) conditions.push(`s.alert_type = ${bind(options.alertType, 'text')}`);
  if (options.chain) conditions.push(`s.chain = ${bind(options.chain, 'text')}`);
  if (options.severity) conditions.push(`s.severity = ${bind(options.severity, 'text')}`);
  if (options.assignee) conditions.push(`s.assignee = ${bind(options.assignee, 'text')}`);
  if (options.rating) conditions.push(`s.rating = ${bind(options.rating, '"Rating"')}`);
  if (options.score) {
    const [low, high] = scoreBands[options.score];
    conditions.push(`s.score between ${bind(low, 'int')} and ${bind(high, 'int')}`);
  }
  for (const digest of options.digests) {
    const kept = `i.session_id = s.id and i.digest = ${bind(digest, 'bytea')}`;
    conditions.push(`exists (select 1 from masked_identifier i where ${kept})`);
  }
  if (options.scoring) conditions.push(`s.scoring = ${bind(options.scoring, '"Scoring"')}`);
  // Written out, so that the index of those that changed something serves.
  if (options.changed) conditions.push(options.changed === 'true' ? 's.changed' : 'not s.changed');
  if (options.from) conditions.push(`s.created_at >= ${bind(new Date(options.from), 'timestamptz')}`);
  if (options.to) conditions.push(`s.created_at <= ${bind(new Date(options.to), 'timestamptz')}`);
  if (search.kind === 'id') conditions.push(`s.id = ${bind(search.id, 'uuid')}`);
  if (options.cursor) {
    const after = readCursor(options.cursor, options.sort, key);
    const place = `(${bind(after.key, key.cast)}, ${bind(after.id, 'uuid')})`;
    conditions.push(`(${key.expression}, s.id) ${descending ? '<' : '>'} ${place}`);
  }
  const limit = bind(options.limit + 1, 'int');
  const words = search.kind === 'text' ? `to_tsquery('simple', ${bind(search.tsquery, 'text')})` : undefined;
  const found = words && `(s.search @@ ${words} or s.timeline_search @@ ${words})`;
  const select = `select s.id, s.search, s.timeline_search, ${key.expression} as key from session s`;
  const all = (...parts: (string | undefined)[]) => [...conditions, ...parts].filter(Boolean).join(' and ');
  const candidates = (state?: string) =>
    found && window
      ? `select s.id, s.key from (
           ${select} where ${all(state)} order by ${order} limit ${bind(window, 'int')}
         ) s where ${found}`
      : `select s.id, s.key from (${select} where ${all(state, found)} order by ${order} limit ${limit}) s`;
  // One ordered index scan per state and a merge of a few rows, since `status in (…)` cannot be read in order.
  const states = chosenStates(options, bind);
  const chosen =
    states.length > 0 ? states.map((state) => `(${candidates(state)})`).join(' union all ') : candidates();
  const text = `with page as materialized (
      select id, key from (${chosen}) c order by key ${direction}, id ${direction} limit ${limit}
    )
    select row.*, ${key.shown('page.key')} as sort_key,
      ${words ? `(select not s.search @@ ${words} from session s where s.id = page.id)` : 'false'} as found_in_timeline
    from page join lateral (${LIST_ROW_SQL} where s.id = page.id) row on true
    order by page.key ${direction}, page.id ${direction}`;
  return { text, values };
}

/** The status or review states asked for, each as a condition that excludes the others; both together as pairs. */
function chosenStates(options: ListOptions, bind: (value: unknown, type: string) => string): string[] {
  const of = (column: string, type: string, values: readonly string[] | undefined) =>
    [...new Set(values)].map((value) => `s.${column} = ${bind(value, `"${type}"`)}`);
  const statuses = of('status', 'RunStatus', options.status);
  const reviews = of('review_status', 'ReviewStatus', options.review);
  if (statuses.length === 0) return reviews;
  if (reviews.length === 0) return statuses;
  return statuses.flatMap((status) => reviews.map((review) => `${status} and ${review}`));
}

function readCursor(
  cursor: string,
  sort: SessionSort,
  key: SortKey,
): { key: number | string | Date; id: string } {
  return decodeCursor(cursor, z.object({ sort: z.literal(sort), key: key.place, id: z.uuid() }));
}
