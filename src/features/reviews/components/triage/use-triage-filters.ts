import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { ratings } from '#src/features/sessions/schema.ts';

/** In the address `me` stands for whoever looks. */
export const ME = 'me';

const parsers = {
  assignee: parseAsString.withDefault(''),
  alertType: parseAsString.withDefault(''),
  rating: parseAsStringLiteral(ratings),
};

export function useTriageFilters() {
  const [filters, setFilters] = useQueryStates(parsers, { history: 'replace' });
  return { filters, setFilters };
}

export type TriageFilters = ReturnType<typeof useTriageFilters>['filters'];
export type SetTriageFilters = ReturnType<typeof useTriageFilters>['setFilters'];

export const isFiltered = ({ assignee, alertType, rating }: TriageFilters): boolean =>
  Boolean(assignee || alertType || rating);

/** What the server is asked for; empty filters are left out. */
export const triageInput = (filters: TriageFilters, userName: string) => ({
  ...(filters.assignee ? { assignee: filters.assignee === ME ? userName : filters.assignee } : {}),
  ...(filters.alertType ? { alertType: filters.alertType } : {}),
  ...(filters.rating ? { rating: filters.rating } : {}),
});
