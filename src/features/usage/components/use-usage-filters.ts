'use client';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useProject } from '#src/components/frame/project-context.tsx';
import { rankBySchema } from '../schema.ts';
import { presetRange, usagePresets } from './usage-range.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;

const parsers = {
  range: parseAsStringLiteral(usagePresets),
  from: parseAsString,
  to: parseAsString,
  by: parseAsStringLiteral(rankBySchema.options).withDefault('cost'),
  view: parseAsStringLiteral(['chart', 'table'] as const).withDefault('chart'),
};

/** Range, ranking and view of the page, kept in the address. */
export function useUsageFilters() {
  const { showsCosts } = useProject();
  const [inAddress, setFilters] = useQueryStates(parsers, { history: 'replace' });
  const filters = showsCosts ? inAddress : ({ ...inAddress, by: 'tokens' } as const);
  return { filters, setFilters };
}

export type UsageFilters = ReturnType<typeof useUsageFilters>['filters'];
export type SetUsageFilters = ReturnType<typeof useUsageFilters>['setFilters'];

export const isCustom = (filters: UsageFilters): boolean =>
  filters.range === null && (filters.from !== null || filters.to !== null);

/** The days that are asked for: a preset, or days of one's own; what is not a day yet is left out. */
export function askedDays(filters: UsageFilters, nowMs: number): { from?: string; to?: string } {
  if (!isCustom(filters)) return presetRange(filters.range ?? '30d', nowMs);
  return {
    ...(filters.from && DAY.test(filters.from) ? { from: filters.from } : {}),
    ...(filters.to && DAY.test(filters.to) ? { to: filters.to } : {}),
  };
}
