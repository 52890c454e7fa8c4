'use client';
import { Card } from '#src/components/card.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import type { SystemOverview } from '../schema.ts';

export function QueueCard({ queue }: { queue: SystemOverview['queue'] }) {
  return (
    <Card title="Queue">
      <dl className="grid grid-cols-3">
        <Figure name="Running" value={queue.running} of={queue.maxRunning} />
        <Figure name="Waiting for a person" value={queue.waiting} />
        <Figure name="In the queue" value={queue.pending} of={queue.maxPending} />
      </dl>
      <p className="border-t px-4 py-2.5 text-dim text-xs">
        {queue.oldestPendingAt ? (
          <>
            The oldest has waited since <TimeAgo at={queue.oldestPendingAt} />. More run at once with{' '}
            <code className="text-text">queue.maxRunningSessions</code>.
          </>
        ) : (
          'Nothing waits. Figures are of the whole installation.'
        )}
      </p>
    </Card>
  );
}

function Figure({ name, value, of }: { name: string; value: number; of?: number }) {
  return (
    <div className="flex flex-col-reverse justify-end px-4 py-3">
      <dt className="text-dim text-xs">{name}</dt>
      <dd className="tabular font-semibold text-lg">
        {value}
        {of === undefined ? null : <span className="font-normal text-dim text-sm"> of {of}</span>}
      </dd>
    </div>
  );
}
