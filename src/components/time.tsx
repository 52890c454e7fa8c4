'use client';
import { elapsedMs, formatClock, formatDuration } from '#src/lib/format-duration.ts';
import { formatAbsoluteTime, formatRelativeTime, notBehind } from '#src/lib/format-time.ts';
import { useNow } from './use-now.ts';

const RELATIVE_TICK_MS = 10_000;
/** Between two ticks something newer than the last one appears, and the server's clock may be ahead: that is no future. */
const AHEAD_MS = 30_000;
const DURATION_TICK_MS = 200;
const CLOCK_TICK_MS = 1000;

/** "3 min ago", "in 5 min", with the absolute time on hover. */
export function TimeAgo({ at, className }: { at: string; className?: string }) {
  const now = useNow(RELATIVE_TICK_MS);
  return (
    <time
      dateTime={at}
      title={formatAbsoluteTime(at)}
      className={`tabular whitespace-nowrap ${className ?? ''}`}
    >
      {formatRelativeTime(at, notBehind(now, at, AHEAD_MS))}
    </time>
  );
}

type SpanProps = { from: string | null; to: string | null; className?: string };

/** How long something took, or has taken so far while `to` is null. */
export function Duration({ from, to, className }: SpanProps) {
  if (!from) return null;
  const classes = `tabular whitespace-nowrap ${className ?? ''}`;
  if (!to) return <RunningDuration from={from} className={classes} />;
  return <span className={classes}>{formatDuration(elapsedMs(from, to, 0) ?? 0)}</span>;
}

function RunningDuration({ from, className }: { from: string; className: string }) {
  const now = useNow(DURATION_TICK_MS);
  return <span className={className}>{formatDuration(elapsedMs(from, null, now) ?? 0)}</span>;
}

/** A clock of constant width: it runs while `to` is null. */
export function Clock({ from, to, className }: SpanProps) {
  const now = useNow(CLOCK_TICK_MS);
  const elapsed = elapsedMs(from, to, now);
  return (
    <span className={`tabular ${className ?? ''}`} suppressHydrationWarning>
      {elapsed === null ? '--:--' : formatClock(elapsed)}
    </span>
  );
}
