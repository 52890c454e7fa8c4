'use client';
import {
  parseAsArrayOf,
  parseAsIsoDateTime,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from 'nuqs';
import { useProject } from '#src/components/frame/project-context.tsx';
import {
  isByCost,
  ratings,
  reviewStatuses,
  runStatuses,
  scoreBandNames,
  scoringStates,
  sessionSortSchema,
} from '../../schema.ts';
import { rangeStart, timeRanges } from './time-range.ts';

const parsers = {
  q: parseAsString.withDefault(''),
  status: parseAsArrayOf(parseAsStringLiteral(runStatuses)).withDefault([]),
  alertType: parseAsString.withDefault(''),
  chain: parseAsString.withDefault(''),
  severity: parseAsString.withDefault(''),
  review: parseAsStringLiteral(reviewStatuses),
  rating: parseAsStringLiteral(ratings),
  assignee: parseAsString.withDefault(''),
  score: parseAsStringLiteral(scoreBandNames),
  scoring: parseAsStringLiteral(scoringStates),
  changed: parseAsStringLiteral(['true', 'false']),
  range: parseAsStringLiteral(timeRanges),
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
  sort: parseAsStringLiteral(sessionSortSchema.options).withDefault('-createdAt'),
  cursor: parseAsString,
  peek: parseAsString,
};

/** Filters, order, page and peek of the list, kept in the address. */
export function useSessionFilters() {
  const { showsCosts } = useProject();
  const [inAddress, setFilters] = useQueryStates(parsers, { history: 'replace' });
  // An address from before costs were switched off asks for an order that there is not.
  const filters =
    showsCosts || !isByCost(inAddress.sort) ? inAddress : { ...inAddress, sort: '-createdAt' as const };
  return { filters, setFilters };
}

export type SessionFilters = ReturnType<typeof useSessionFilters>['filters'];
export type SetSessionFilters = ReturnType<typeof useSessionFilters>['setFilters'];

/** A changed filter starts at the first page. */
export const firstPage = { cursor: null, peek: null } as const;

export const noFilters = {
  ...firstPage,
  q: null,
  status: null,
  alertType: null,
  chain: null,
  severity: null,
  review: null,
  rating: null,
  assignee: null,
  score: null,
  scoring: null,
  changed: null,
  range: null,
  from: null,
  to: null,
} as const;

export const isFiltered = (filters: SessionFilters): boolean =>
  Boolean(
    filters.q ||
      filters.status.length > 0 ||
      filters.alertType ||
      filters.chain ||
      filters.severity ||
      filters.review ||
      filters.rating ||
      filters.assignee ||
      filters.score ||
      filters.scoring ||
      filters.changed ||
      filters.range ||
      filters.from ||
      filters.to,
  );

/** What the server is asked for; empty filters are left out. */
export function listInput(filters: SessionFilters, nowMs: number) {
  const from = filters.range ? rangeStart(filters.range, nowMs) : filters.from?.toISOString();
  return {
    ...(filters.q.trim() ? { q: filters.q.trim() } : {}),
    ...(filters.status.length > 0 ? { status: filters.status } : {}),
    ...(filters.alertType ? { alertType: filters.alertType } : {}),
    ...(filters.chain ? { chain: filters.chain } : {}),
    ...(filters.severity ? { severity: filters.severity } : {}),
    ...(filters.review ? { review: [filters.review] } : {}),
    ...(filters.rating ? { rating: filters.rating } : {}),
    ...(filters.assignee ? { assignee: filters.assignee } : {}),
    ...(filters.score ? { score: filters.score } : {}),
    ...(filters.scoring ? { scoring: filters.scoring } : {}),
    ...(filters.changed ? { changed: filters.changed } : {}),
    ...(from ? { from } : {}),
    ...(filters.to && !filters.range ? { to: filters.to.toISOString() } : {}),
    ...(filters.cursor ? { cursor: filters.cursor } : {}),
    sort: filters.sort,
  };
}
