export type Totals = { passed: number; failed: number };
export function countVitest(
  report: { numPassedTests?: number; numFailedTests?: number } | undefined,
  exitCode: number,
): Totals;
export function countPlaywright(
  report: { stats?: { expected?: number; flaky?: number; unexpected?: number } } | undefined,
  exitCode: number,
): Totals;
export function addTotals(all: readonly Totals[]): Totals;
export function formatTotals(totals: Totals): string;
