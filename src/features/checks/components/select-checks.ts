import type { CheckView } from '../schema.ts';

/** Which checks the page shows; in the URL. */
export const checkFilters = ['all', 'findings', 'unknown', 'healthy', 'paused'] as const;
export type CheckFilter = (typeof checkFilters)[number];

export const checkFilterNames: Record<CheckFilter, string> = {
  all: 'All checks',
  findings: 'With findings',
  unknown: 'Unknown',
  healthy: 'Healthy',
  paused: 'Paused or turned off',
};

export function selectChecks(checks: readonly CheckView[], filter: CheckFilter): CheckView[] {
  switch (filter) {
    case 'all':
      return [...checks];
    case 'paused':
      return checks.filter(({ paused, enabled }) => paused !== null || !enabled);
    default:
      return checks.filter(({ last }) => last?.outcome === filter);
  }
}
