import { formatCost, formatSpend, type Spend } from '#src/lib/format-number.ts';

type SpendProps = { usage: Spend; className?: string };

/** Cost in a narrow cell: "$0.42 + 3", where the 3 are calls whose price is unknown; nothing where costs are not shown. */
export function ShortSpend({ usage, className }: SpendProps) {
  const { costUsd, unpricedCalls = 0 } = usage;
  if (costUsd === undefined) return null;
  if (unpricedCalls === 0) return <span className={className}>{formatCost(costUsd)}</span>;
  return (
    <span className={className} title={`${formatSpend(usage)}: see "Prices" in the documentation`}>
      {costUsd === 0 ? 'no price' : `${formatCost(costUsd)} + ${unpricedCalls}`}
      <span className="sr-only"> ({formatSpend(usage)})</span>
    </span>
  );
}
