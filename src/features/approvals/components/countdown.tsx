'use client';
import { cn } from '#src/components/ui/cn.ts';
import { useNow } from '#src/components/use-now.ts';
import { formatClock, formatDuration } from '#src/lib/format-duration.ts';
import { formatAbsoluteTime } from '#src/lib/format-time.ts';

const TICK_MS = 1_000;
/** From here on the time is shown as a clock, and as urgent. */
const URGENT_MS = 10 * 60_000;

/** How long a request still waits for its decision. */
export function Countdown({ until, className }: { until: string; className?: string }) {
  const leftMs = Date.parse(until) - useNow(TICK_MS);
  const urgent = leftMs < URGENT_MS;
  return (
    <time
      dateTime={until}
      title={formatAbsoluteTime(until)}
      suppressHydrationWarning
      className={cn('tabular whitespace-nowrap', urgent ? 'font-medium text-warn' : 'text-dim', className)}
    >
      {leftMs <= 0 ? 'expired' : `expires in ${urgent ? formatClock(leftMs) : formatDuration(leftMs)}`}
    </time>
  );
}
