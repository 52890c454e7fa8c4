'use client';
import { useNow } from '#src/components/use-now.ts';
import { formatAbsoluteTime, formatRelativeTime } from '#src/lib/format-time.ts';

const TICK_MS = 10_000;

/** "next in 5 h", with the absolute time on hover. */
export function NextRun({ at }: { at: string }) {
  const now = useNow(TICK_MS);
  return (
    <time
      dateTime={at}
      title={formatAbsoluteTime(at)}
      className="tabular whitespace-nowrap"
      suppressHydrationWarning
    >
      {Date.parse(at) <= now ? 'due now' : `next ${formatRelativeTime(at, now)}`}
    </time>
  );
}
