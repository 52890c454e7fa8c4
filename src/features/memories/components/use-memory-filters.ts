import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { memoryCategories, memoryStates } from '../schema.ts';

const parsers = {
  q: parseAsString.withDefault(''),
  category: parseAsStringLiteral(memoryCategories),
  state: parseAsStringLiteral(memoryStates).withDefault('active'),
  cursor: parseAsString,
};

export function useMemoryFilters() {
  const [filters, setFilters] = useQueryStates(parsers, { history: 'replace' });
  return { filters, setFilters };
}

export type MemoryFilters = ReturnType<typeof useMemoryFilters>['filters'];
export type SetMemoryFilters = ReturnType<typeof useMemoryFilters>['setFilters'];

/** What the server is asked for; empty filters are left out. */
export const memoryInput = ({ q, category, state, cursor }: MemoryFilters) => ({
  ...(q.trim() ? { q: q.trim() } : {}),
  ...(category ? { category } : {}),
  ...(cursor ? { cursor } : {}),
  state,
});
