'use client';
import dynamic from 'next/dynamic';
import { Card } from '#src/components/card.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Skeleton } from '#src/components/ui/skeleton.tsx';
import { formatCost, formatCount } from '#src/lib/format-number.ts';
import type { RankBy, UsageReport } from '../schema.ts';
import { CHART_HEIGHT_CLASS } from './chart-height.ts';
import { DayTable } from './day-table.tsx';
import { formatLongDay } from './usage-range.ts';
import { weighDay } from './weigh-day.ts';

/** The chart's library is large and only wanted here. */
const DayChart = dynamic(() => import('./day-chart.tsx').then((module) => module.DayChart), {
  ssr: false,
  loading: () => <Skeleton className={`w-full ${CHART_HEIGHT_CLASS}`} />,
});

type DayCardProps = {
  days: UsageReport['byDay'];
  by: RankBy;
  view: 'chart' | 'table';
  onView: (view: 'chart' | 'table') => void;
};

/** Cost or tokens by day, as bars or as the numbers themselves. */
export function DayCard({ days, by, view, onView }: DayCardProps) {
  const title = by === 'cost' ? 'Cost by day' : 'Tokens by day';
  return (
    <Card
      title={view === 'table' ? 'By day' : title}
      wide
      aside={
        <Button
          size="sm"
          variant="ghost"
          aria-pressed={view === 'table'}
          onClick={() => onView(view === 'table' ? 'chart' : 'table')}
        >
          {view === 'table' ? 'Show as chart' : 'Show as table'}
        </Button>
      }
    >
      {view === 'table' ? (
        <DayTable days={days} />
      ) : (
        <figure className="px-2 pt-3 pb-1">
          <figcaption className="sr-only">
            {title}. {describeHighest(days, by)}
          </figcaption>
          <DayChart days={days} by={by} />
        </figure>
      )}
    </Card>
  );
}

function describeHighest(days: UsageReport['byDay'], by: RankBy): string {
  const highest = days.reduce<(typeof days)[number] | null>(
    (most, day) => (most && weighDay(most, by) >= weighDay(day, by) ? most : day),
    null,
  );
  if (!highest) return '';
  if (weighDay(highest, by) === 0) return `No ${by} on any of these days.`;
  const weight = weighDay(highest, by);
  const value = by === 'cost' ? formatCost(weight) : `${formatCount(weight)} tokens`;
  return `The highest is ${value} on ${formatLongDay(highest.day)}. The table has every day.`;
}
