'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useParams, usePathname } from 'next/navigation';
import { useEffect } from 'react';
import { useTRPC } from '#src/components/data/trpc.ts';
import { snapshotQuery } from './snapshot-query.ts';

/**
 * Asks for the session's state as soon as its page is opened, while the frame still asks who is signed in: one wait instead
 * of two. Draws nothing; failures show on the page itself, which asks again.
 */
export function PreloadSession() {
  const { project, id } = useParams<{ project?: string; id?: string }>();
  const isSessionPage = usePathname() === `/p/${project}/sessions/${id}`;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  useEffect(() => {
    if (project && id && isSessionPage) void queryClient.prefetchQuery(snapshotQuery(trpc, { project, id }));
  }, [project, id, isSessionPage, trpc, queryClient]);
  return null;
}
