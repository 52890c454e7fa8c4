'use client';
import { TriangleAlert } from 'lucide-react';
import { Card } from '#src/components/card.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import type { LastSweep, RetentionState } from '#src/features/retention/schema.ts';
import { formatPeriod } from '#src/lib/format-duration.ts';

/** What is kept for how long, and what the last sweep removed. */
export function RetentionCard({ retention }: { retention: RetentionState }) {
  const { sessionsMs, eventsMs, logsMs, usageMs, lastSweep } = retention;
  return (
    <Card title="Retention" wide>
      <dl className="grid grid-cols-2 sm:grid-cols-4">
        <Age name="Sessions and alerts" ms={sessionsMs} />
        <Age name="Event logs of sessions" ms={eventsMs} />
        <Age name="Requests and answers of calls" ms={logsMs} />
        <Age name="Days of the usage report" ms={usageMs} />
      </dl>
      <div className="border-t px-4 py-2.5 text-dim text-xs">
        {lastSweep ? <Sweep sweep={lastSweep} /> : 'Nothing has been swept yet; a worker does it every hour.'}
      </div>
    </Card>
  );
}

function Age({ name, ms }: { name: string; ms: number }) {
  return (
    <div className="flex flex-col-reverse justify-end px-4 py-3">
      <dt className="text-dim text-xs">{name}</dt>
      <dd className="tabular font-semibold text-lg">{formatPeriod(ms)}</dd>
    </div>
  );
}

function Sweep({ sweep }: { sweep: LastSweep }) {
  if (sweep.error) {
    return (
      <p className="flex gap-2 text-bad [overflow-wrap:anywhere]">
        <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
        <span>
          The sweep <TimeAgo at={sweep.startedAt} /> failed: {sweep.error}
        </span>
      </p>
    );
  }
  return (
    <p>
      {sweep.endedAt ? 'Last swept' : 'Sweeping since'} <TimeAgo at={sweep.startedAt} />:{' '}
      {describeRemoved(sweep.removed)}.
    </p>
  );
}

function describeRemoved({ sessions, events, calls, alerts, usage }: LastSweep['removed']): string {
  const counted = [
    [sessions, 'session', 'sessions'],
    [calls, "call's request and answer", "calls' requests and answers"],
    [events, 'event', 'events'],
    [alerts, 'alert', 'alerts'],
    [usage, 'figure of the usage report', 'figures of the usage report'],
  ] as const;
  const removed = counted
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`);
  return removed.length > 0 ? `${removed.join(', ')} removed` : 'nothing was old enough';
}
