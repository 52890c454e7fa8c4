import { z } from 'zod';
import { type listSessionsInputSchema, type SessionSort, scoreBands } from '../../schema.ts';
import { decodeCursor } from './page-cursor.ts';
import type { Search } from './parse-search.ts';
import { LIST_ROW_SQL, type ListRow } from './session-rows.ts';
import { parseSort, type SortKey } from './sort-keys.ts';

export type ListSessionsInput = z.infer<typeof listSessionsInputSchema>;
/** `digests`: of the names that a session must speak of. */
export type ListQueryOptions = { projectId: string; digests: readonly Buffer[] } & ListSessionsInput;
export type ListQuery = { text: string; values: unknown[] };
export type SortedRow = ListRow & { sort_key: number | string; found_in_timeline: boolean };

/**
 * The SQL of one page: the ids from the index of the order, which holds every column that the conditions ask for (decision
 * 36), then the columns of those rows only. With `window`, only so many sessions that come next in order are searched.
 */
export function buildListQuery(options: ListQueryOptions, search: Search, window?: number): ListQuery {
  const values: unknown[] = [];
  const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`;
  const { key, descending } = parseSort(options.sort);
  const direction = descending ? 'desc' : 'asc';
  const order = `${key.expression} ${direction}, s.id ${direction}`;
  const conditions = filterConditions(options, bind);
  if (search.kind === 'id') conditions.push(`s.id = ${bind(search.id, 'uuid')}`);
  if (options.cursor) {
    const after = readCursor(options.cursor, options.sort, key);
    const place = `(${bind(after.key, key.cast)}, ${bind(after.id, 'uuid')})`;
    conditions.push(`(${key.expression}, s.id) ${descending ? '<' : '>'} ${place}`);
  }
  const words = search.kind === 'text' ? `to_tsquery('simple', ${bind(search.tsquery, 'text')})` : undefined;
  const found = words && `(s.search @@ ${words} or s.timeline_search @@ ${words})`;
  const ids = `select s.id, ${key.expression} as key from session s where ${conditions.join(' and ')}`;
  const limit = bind(options.limit + 1, 'int');
  const page = () => {
    if (!found) return `${ids} order by ${order} limit ${limit}`;
    const hits = window
      ? `select id, key from (${ids} order by ${order} limit ${bind(window, 'int')}) next
          where (select ${found} from session s where s.id = next.id)`
      : // `offset 0` keeps the order out of it: in order, every row would be read until enough hits have come by.
        `${ids} and ${found} offset 0`;
    return `select id, key from (${hits}) hit order by key ${direction}, id ${direction} limit ${limit}`;
  };
  const text = `with page as materialized (${page()})
    select row.*, ${key.shown('page.key')} as sort_key,
      ${words ? `(select not s.search @@ ${words} from session s where s.id = page.id)` : 'false'} as found_in_timeline
    from page join lateral (${LIST_ROW_SQL} where s.id = page.id) row on true
    order by page.key ${direction}, page.id ${direction}`;
  return { text, values };
}

/** What the filters ask of session `s`, over columns that the index of every order holds. */
function filterConditions(
  options: ListQueryOptions,
  bind: (value: unknown, type: string) => string,
): string[] {
  const conditions = [`s.project_id = ${bind(options.projectId, 'uuid')}`];
  if (options.status?.length) conditions.push(`s.status = any(${bind(options.status, '"RunStatus"[]')})`);
  if (options.review?.length)
    conditions.push(`s.review_status = any(${bind(options.review, '"ReviewStatus"[]')})`);
  if (options.alertType) conditions.push(`s.alert_type = ${bind(options.alertType, 'text')}`);
  if (options.chain) conditions.push(`s.chain = ${bind(options.chain, 'text')}`);
  if (options.severity) conditions.push(`s.severity = ${bind(options.severity, 'text')}`);
  if (options.assignee) conditions.push(`s.assignee = ${bind(options.assignee, 'text')}`);
  if (options.rating) conditions.push(`s.rating = ${bind(options.rating, '"Rating"')}`);
  if (options.score) {
    const [low, high] = scoreBands[options.score];
    conditions.push(`s.score between ${bind(low, 'int')} and ${bind(high, 'int')}`);
  }
  if (options.scoring) conditions.push(`s.scoring = ${bind(options.scoring, '"Scoring"')}`);
  // Written out: only so is it a condition of the index.
  if (options.changed) conditions.push(options.changed === 'true' ? 's.changed' : 'not s.changed');
  if (options.from) conditions.push(`s.created_at >= ${bind(new Date(options.from), 'timestamptz')}`);
  if (options.to) conditions.push(`s.created_at <= ${bind(new Date(options.to), 'timestamptz')}`);
  for (const digest of options.digests) {
    const kept = `i.session_id = s.id and i.digest = ${bind(digest, 'bytea')}`;
    conditions.push(`exists (select 1 from masked_identifier i where ${kept})`);
  }
  return conditions;
}

function readCursor(
  cursor: string,
  sort: SessionSort,
  key: SortKey,
): { key: number | string | Date; id: string } {
  return decodeCursor(cursor, z.object({ sort: z.literal(sort), key: key.place, id: z.uuid() }));
}
