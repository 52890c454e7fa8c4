'use client';
import { useQuery } from '@tanstack/react-query';
import { Card } from '#src/components/card.tsx';
import { useTRPC } from '#src/components/data/trpc.ts';
import { ErrorState } from '#src/components/error-state.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { describeEvent } from './describe-event.ts';

export function HistoryCard({ project }: { project: string }) {
  const trpc = useTRPC();
  const history = useQuery(trpc.access.history.queryOptions({ project }));
  const items = history.data?.items ?? [];
  return (
    <Card title="History">
      {history.isPending ? <SkeletonRows rows={2} rowClassName="h-8" /> : null}
      {history.isError && !history.data ? (
        <ErrorState error={history.error} what="the history" onRetry={() => void history.refetch()} />
      ) : null}
      {history.data && items.length === 0 ? (
        <p className="px-4 py-6 text-center text-dim">Nothing has been changed yet.</p>
      ) : null}
      <ul aria-label="History" className="py-1">
        {items.map((event) => (
          <li key={event.id} className="flex flex-wrap gap-x-2 px-4 py-1 text-sm">
            <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{describeEvent(event)}</span>
            <TimeAgo at={event.createdAt} className="text-dim text-xs" />
          </li>
        ))}
      </ul>
    </Card>
  );
}
