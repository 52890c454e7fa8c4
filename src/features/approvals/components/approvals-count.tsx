'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTRPC } from '#src/components/data/trpc.ts';
import { useProjectChanges } from '#src/features/sessions/components/index.ts';
import { withTitleCount } from './with-title-count.ts';

const MAX_SHOWN = 99;

/** How much waits for a person, beside the entry of the sidebar and in front of the tab's title. */
export function ApprovalsCount({ project }: { project: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const count = useQuery(trpc.approvals.count.queryOptions({ project }));
  useProjectChanges(
    project,
    () => void queryClient.invalidateQueries({ queryKey: trpc.approvals.count.queryKey({ project }) }),
  );
  const waiting = count.data?.pending ?? 0;
  useTitleCount(waiting);
  if (waiting === 0) return null;
  return (
    <span className="tabular ml-auto rounded bg-warn-soft px-1.5 font-medium text-warn text-xs">
      {waiting > MAX_SHOWN ? `${MAX_SHOWN}+` : waiting}
      <span className="sr-only"> waiting for a decision</span>
    </span>
  );
}

/** Keeps the count in the title, whatever a page makes of it: pages set their title with each change of what they show. */
function useTitleCount(count: number): void {
  useEffect(() => {
    const apply = () => {
      const wanted = withTitleCount(document.title, count);
      if (wanted !== document.title) document.title = wanted;
    };
    apply();
    const observer = new MutationObserver(apply);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => {
      observer.disconnect();
      document.title = withTitleCount(document.title, 0);
    };
  }, [count]);
}
