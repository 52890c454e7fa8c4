'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '#src/components/data/trpc.ts';
import { useProjectChanges } from '#src/features/sessions/components/index.ts';
import { formatGroupCount } from './triage/triage-group.tsx';

/** How many investigations wait for a review, beside the entry of the sidebar. */
export function TriageCount({ project }: { project: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const counts = useQuery(trpc.reviews.counts.queryOptions({ project }));
  useProjectChanges(
    project,
    () => void queryClient.invalidateQueries({ queryKey: trpc.reviews.counts.queryKey({ project }) }),
  );
  const waiting = counts.data?.needs_review ?? 0;
  if (waiting === 0) return null;
  return (
    <span className="tabular ml-auto rounded bg-warn-soft px-1.5 text-warn text-xs">
      {formatGroupCount(waiting)}
      <span className="sr-only"> need review</span>
    </span>
  );
}
