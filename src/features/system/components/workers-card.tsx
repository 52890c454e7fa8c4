'use client';
import { CircleCheck, CircleX } from 'lucide-react';
import { Card } from '#src/components/card.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { Badge } from '#src/components/ui/badge.tsx';
import type { SystemOverview } from '../schema.ts';

export function WorkersCard({ workers }: { workers: SystemOverview['workers'] }) {
  return (
    <Card title="Workers" wide>
      {workers.length === 0 ? (
        <p className="px-4 py-6 text-center text-dim">
          No worker has reported. Investigations wait until one runs:{' '}
          <code className="text-text">npx tars worker</code>.
        </p>
      ) : (
        <ul>
          {workers.map((worker) => (
            <li
              key={worker.id}
              className="flex min-h-9 flex-wrap items-center gap-x-4 gap-y-1 border-b px-4 py-1.5 last:border-b-0"
            >
              <span className="min-w-40 flex-1 truncate font-medium">
                {worker.hostname}{' '}
                <span className="tabular font-normal text-dim text-xs">pid {worker.pid}</span>
              </span>
              <span className="tabular text-dim text-xs">
                {worker.running} of {worker.concurrency} sessions
              </span>
              <span className="text-dim text-xs">
                seen <TimeAgo at={worker.heartbeatAt} />
              </span>
              <Badge tone={worker.alive ? 'ok' : 'bad'}>
                {worker.alive ? <CircleCheck aria-hidden="true" /> : <CircleX aria-hidden="true" />}
                {worker.alive ? 'alive' : 'silent'}
              </Badge>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
