'use client';
import { CircleX, Gauge, TriangleAlert } from 'lucide-react';
import { cn } from '#src/components/ui/cn.ts';
import { useNow } from '#src/components/use-now.ts';
import type { SessionView } from '../../schema.ts';
import { type BudgetMeter, measureBudgets } from './measure-budgets.ts';

const TICK_MS = 1_000;

const looks = {
  fine: { icon: Gauge, bar: 'bg-accent', text: '', word: '' },
  near: { icon: TriangleAlert, bar: 'bg-warn', text: 'text-warn', word: 'nearly used up' },
  used: { icon: CircleX, bar: 'bg-bad', text: 'text-bad', word: 'used up' },
} as const;

/** How much of each limit is used; nothing for a session without limits. */
export function BudgetMeters({ session }: { session: SessionView }) {
  const now = useNow(TICK_MS);
  return measureBudgets(session, now).map((meter) => <Meter key={meter.kind} meter={meter} />);
}

function Meter({ meter }: { meter: BudgetMeter }) {
  const { icon: Icon, bar, text, word } = looks[meter.state];
  const percent = Math.round(meter.share * 100);
  return (
    <span
      title={`${percent} % of the ${meter.kind} budget is used`}
      suppressHydrationWarning
      className={cn('inline-flex items-center gap-1.5 whitespace-nowrap', text)}
    >
      <Icon aria-hidden="true" className="size-3" />
      <span aria-hidden="true" className="h-1 w-10 overflow-hidden rounded-full bg-line">
        <span className={cn('block h-full', bar)} style={{ width: `${percent}%` }} />
      </span>
      <span className="sr-only">Budget: </span>
      {meter.text}
      {word ? <span className="font-medium">{word}</span> : null}
    </span>
  );
}
