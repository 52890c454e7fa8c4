'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { useTRPC } from '../data/trpc.ts';
import { ErrorState } from '../error-state.tsx';
import { FrameSkeleton } from './frame-skeleton.tsx';
import { NoMembership } from './no-membership.tsx';

const WAITING_REFETCH_MS = 5_000;

/** `/`: leads to the sessions of the first project; says what to do when there is none. */
export function StartPage() {
  const trpc = useTRPC();
  const me = useQuery(
    trpc.access.me.queryOptions(undefined, {
      // Whoever waits to be let in need not know when to try again.
      refetchInterval: ({ state }) => (state.data?.projects.length === 0 ? WAITING_REFETCH_MS : false),
    }),
  );
  const router = useRouter();
  const first = me.data?.projects[0]?.slug;
  useEffect(() => {
    if (first) router.replace(`/p/${first}/sessions`);
  }, [first, router]);
  if (me.isError)
    return (
      <>
        <title>No connection · TARS</title>
        <ErrorState error={me.error} what="your account" onRetry={() => void me.refetch()} />
      </>
    );
  if (me.data && !first) return <NoMembership me={me.data} />;
  return <FrameSkeleton />;
}
