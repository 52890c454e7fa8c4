/** The value below which `share` (0 to 1) of the values lie, by nearest rank. `sorted` ascending; NaN when it is empty. */
export function percentile(sorted: readonly number[], share: number): number {
  const rank = Math.max(Math.ceil(share * sorted.length), 1);
  return sorted[rank - 1] ?? Number.NaN;
}

/** One line: `name   p50   p95   p99   max   n`, in the unit of the values. */
export function percentileLine(name: string, values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const figures = [0.5, 0.95, 0.99, 1].map((share) => percentile(sorted, share).toFixed(1).padStart(9));
  return `${name.padEnd(44)}${figures.join('')}${String(sorted.length).padStart(9)}`;
}

/** The line above those of `percentileLine`. */
export function percentileHeader(unit: string): string {
  const names = ['p50', 'p95', 'p99', 'max', 'n'].map((name) => name.padStart(9));
  return `${unit.padEnd(44)}${names.join('')}`;
}
