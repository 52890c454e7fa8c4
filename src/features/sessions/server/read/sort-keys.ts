import { z } from 'zod';
import { runStatusSchema, type SessionSort } from '../../schema.ts';

/** How the list is ordered by one of its columns: each order is that of an index, with the id behind the key. */
export type SortKey = {
  /** The expression of the index that serves this order. */
  expression: string;
  cast: 'timestamptz' | 'numeric' | 'float8' | 'int' | 'text' | '"RunStatus"';
  /** SQL: the key as something that JavaScript gets and gives back exactly. */
  shown(column: string): string;
  /** The key of a page's last row, as the next page's cursor brings it back; gives what is bound in its place. */
  place: z.ZodType<number | string | Date>;
};

type SortName = Exclude<SessionSort, `-${string}`>;

const number = z.number().min(-1).max(8.64e15);
// PostgreSQL's text holds no zero byte.
const text = z
  .string()
  .max(1_000)
  .refine((value) => !value.includes('\0'));

export const SORT_KEYS: Record<SortName, SortKey> = {
  createdAt: {
    expression: 's.created_at',
    cast: 'timestamptz',
    shown: (column) => `(extract(epoch from ${column}) * 1000)::float8`,
    place: number.transform((ms) => new Date(ms)),
  },
  /** Sessions that have not ended count as shorter than any. */
  duration: {
    expression: 'coalesce(extract(epoch from s.completed_at - s.started_at), -1)',
    cast: 'numeric',
    shown: (column) => `${column}::float8`,
    place: number,
  },
  /** Sessions that have not ended count as cheaper than any: an order that changes with each model call costs every call dearly. */
  cost: { expression: 's.settled_cost_usd', cast: 'float8', shown: (column) => column, place: number },
  score: {
    expression: 'coalesce(s.score, -1)::float8',
    cast: 'float8',
    shown: (column) => column,
    place: number,
  },
  /** In the order in which a session goes through them. */
  status: {
    expression: 's.status',
    cast: '"RunStatus"',
    shown: (column) => `${column}::text`,
    place: runStatusSchema,
  },
  alertType: { expression: 's.alert_type', cast: 'text', shown: (column) => column, place: text },
  author: { expression: 's.author', cast: 'text', shown: (column) => column, place: text },
  /** Sessions without a rating count as worse than any. */
  rating: {
    expression: `(case s.rating when 'accurate' then 3 when 'partially_accurate' then 2 when 'inaccurate' then 1 else 0 end)`,
    cast: 'int',
    shown: (column) => column,
    place: z.number().int().min(0).max(3),
  },
};

const isSortName = (name: string): name is SortName => Object.hasOwn(SORT_KEYS, name);

export function parseSort(sort: SessionSort): { key: SortKey; descending: boolean } {
  const name = sort.replace(/^-/, '');
  if (!isSortName(name)) throw new Error(`no order is called "${name}"`);
  return { key: SORT_KEYS[name], descending: sort.startsWith('-') };
}
