'use client';
import { TriangleAlert } from 'lucide-react';
import { Card } from '#src/components/card.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import type { SystemOverview } from '../schema.ts';

/** Only there while there is something to warn of. */
export function WarningsCard({ warnings }: { warnings: SystemOverview['warnings'] }) {
  if (warnings.length === 0) return null;
  return (
    <Card title="Warnings" wide>
      <ul>
        {warnings.map((warning) => (
          <li key={warning.key} className="flex gap-2.5 border-b px-4 py-2 last:border-b-0">
            <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-warn" />
            <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">{warning.message}</p>
            <TimeAgo at={warning.createdAt} className="text-dim text-xs" />
          </li>
        ))}
      </ul>
    </Card>
  );
}
