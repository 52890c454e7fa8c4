import type { ReactNode } from 'react';
import { cn } from '#src/components/ui/cn.ts';
import { formatCost, formatCount, formatQuantity } from '#src/lib/format-number.ts';
import type { UsageReport } from '../schema.ts';

/** The sums in one line of figures. */
export function UsageFigures({ totals }: { totals: UsageReport['totals'] }) {
  const { costUsd, calls, sessions, unpricedCalls = 0 } = totals;
  const failed = totals.failedCalls > 0 ? `${totals.failedCalls.toLocaleString('en-GB')} failed` : '';
  const cached = totals.cachedInputTokens > 0 ? ` (${formatCount(totals.cachedInputTokens)} cached)` : '';
  return (
    <div className="rounded-xl border bg-panel">
      <dl className={cn('grid grid-cols-2', costUsd === undefined ? 'sm:grid-cols-3' : 'lg:grid-cols-4')}>
        {costUsd === undefined ? null : (
          <Figure name="Cost" value={formatCost(costUsd)}>
            {unpricedCalls > 0 ? (
              <span className="text-warn">+ {formatQuantity(unpricedCalls, 'call')} without a price</span>
            ) : sessions > 0 ? (
              `${formatCost(costUsd / sessions)} per session`
            ) : (
              ''
            )}
          </Figure>
        )}
        <Figure name="Tokens" value={formatCount(totals.inputTokens + totals.outputTokens)}>
          {formatCount(totals.inputTokens)} in{cached}, {formatCount(totals.outputTokens)} out
        </Figure>
        <Figure name="Model calls" value={calls.toLocaleString('en-GB')}>
          {failed || 'none failed'}
        </Figure>
        <Figure name="Sessions" value={sessions.toLocaleString('en-GB')}>
          {sessions > 0 ? `${Math.round(calls / sessions)} calls per session` : ''}
        </Figure>
      </dl>
      {unpricedCalls > 0 ? (
        <p className="border-t px-4 py-2 text-dim text-xs">
          TARS knows no price of some models: their tokens count, their cost is not in any sum. Below, such
          calls stand behind a plus sign. <code className="text-text">pricePerMillion</code> of their provider
          gives them a price.
        </p>
      ) : null}
    </div>
  );
}

function Figure({ name, value, children }: { name: string; value: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col px-4 py-3">
      <dt className="text-dim text-xs">{name}</dt>
      <dd className="tabular font-semibold text-lg">{value}</dd>
      <dd className="tabular text-dim text-xs">{children}</dd>
    </div>
  );
}
