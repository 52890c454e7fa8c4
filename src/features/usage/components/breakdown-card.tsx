'use client';
import Link from 'next/link';
import { useState } from 'react';
import { Card } from '#src/components/card.tsx';
import { useProject } from '#src/components/frame/project-context.tsx';
import { ShortSpend } from '#src/components/spend.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { formatCount } from '#src/lib/format-number.ts';
import type { RankBy, UsageSum } from '../schema.ts';

type Row = UsageSum & { name: string; detail?: string; href?: string };

const ROWS_FIRST = 8;

/** What a sum is made of: one row each, with a bar for its share of the largest. */
export function BreakdownCard({ title, rows, by }: { title: string; rows: readonly Row[]; by: RankBy }) {
  const [all, setAll] = useState(false);
  const { showsCosts } = useProject();
  const weight = (row: Row) => (by === 'cost' ? (row.costUsd ?? 0) : row.inputTokens + row.outputTokens);
  const largest = Math.max(...rows.map(weight), 0);
  const shown = all ? rows : rows.slice(0, ROWS_FIRST);
  return (
    <Card title={title}>
      <table className="tabular w-full table-fixed text-left">
        <thead className="text-dim text-xs">
          <tr className="h-7 border-b">
            <th className="pl-4 font-medium">
              <span className="sr-only">Name</span>
            </th>
            <th className={cn('w-18 text-right font-medium', !showsCosts && 'w-22 pr-4')}>Tokens</th>
            {showsCosts ? <th className="w-26 pr-4 text-right font-medium">Cost</th> : null}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={`${row.name} ${row.detail}`} className="border-b last:border-b-0">
              <th scope="row" className="py-1.5 pr-2 pl-4 font-normal">
                <RowName row={row} />
                <span aria-hidden="true" className="mt-1 block h-1 rounded-full bg-raised">
                  <span
                    className="block h-full rounded-full bg-accent"
                    style={{ width: `${largest > 0 ? (weight(row) / largest) * 100 : 0}%` }}
                  />
                </span>
              </th>
              <td className={cn('text-right align-top text-dim leading-8', !showsCosts && 'pr-4')}>
                {formatCount(row.inputTokens + row.outputTokens)}
              </td>
              {showsCosts ? (
                <td className="pr-4 text-right align-top leading-8">
                  <ShortSpend usage={row} />
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown.length ? (
        <div className="border-t px-3 py-1.5">
          <Button size="sm" variant="ghost" onClick={() => setAll(true)}>
            {rows.length - shown.length} more
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

function RowName({ row }: { row: Row }) {
  const name = row.href ? (
    <Link href={row.href} className="font-medium hover:underline">
      {row.name}
    </Link>
  ) : (
    <span className="font-medium">{row.name}</span>
  );
  return (
    <span className="block truncate" title={row.name}>
      {name}
      {row.detail ? <span className="text-dim text-xs"> · {row.detail}</span> : null}
    </span>
  );
}
