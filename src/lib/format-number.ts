/** "940", "12.4k", "3.1M". */
export function formatCount(value: number): string {
  if (value < 1000) return String(Math.round(value));
  if (value < 999_950) return `${(value / 1000).toFixed(1)}k`;
  return `${(value / 1_000_000).toFixed(1)}M`;
}

/** "$0.00", "$0.0042" below a cent, "$12.30". */
export function formatCost(usd: number): string {
  if (usd > 0 && usd < 0.00005) return '<$0.0001';
  if (usd > 0 && usd < 0.01) return `$${usd.toFixed(4)}`;
  return `$${usd.toFixed(2)}`;
}

/** "512 B", "12 kB", "3.4 MB"; decimal units. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** "1 tool", "3 tools". */
export const formatQuantity = (count: number, singular: string, plural = `${singular}s`): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? singular : plural}`;

/** What model calls cost, and how many have no known price; absent where the installation shows no costs. */
export type Spend = { costUsd?: number | undefined; unpricedCalls?: number | undefined };

/** "$0.42"; "$0.42 + 3 calls without a price", since what is unknown is not free; null where costs are not shown. */
export function formatSpend({ costUsd, unpricedCalls = 0 }: Spend): string | null {
  if (costUsd === undefined) return null;
  if (unpricedCalls === 0) return formatCost(costUsd);
  const unpriced = `${formatQuantity(unpricedCalls, 'call')} without a price`;
  return costUsd === 0 ? unpriced : `${formatCost(costUsd)} + ${unpriced}`;
}
