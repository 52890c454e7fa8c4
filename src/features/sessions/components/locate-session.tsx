'use client';
import { useQuery } from '@tanstack/react-query';
import { SearchX } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { isMissing } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import { EmptyState } from '#src/components/empty-state.tsx';
import { ErrorState } from '#src/components/error-state.tsx';
import { FrameSkeleton } from '#src/components/frame/frame-skeleton.tsx';
import { Button } from '#src/components/ui/button.tsx';

/** `/sessions/{id}`: leads to the session in its project, with the same query (`?item=…`). */
export function LocateSession({ id }: { id: string }) {
  const trpc = useTRPC();
  const place = useQuery(trpc.sessions.locate.queryOptions({ id }));
  const router = useRouter();
  const project = place.data?.project;
  useEffect(() => {
    if (project) router.replace(`/p/${project}/sessions/${id}${window.location.search}`);
  }, [project, id, router]);
  if (!place.isError) return <FrameSkeleton />;
  if (isMissing(place.error)) return <NoSuchSession back="/" />;
  return (
    <>
      <title>Session · TARS</title>
      <ErrorState error={place.error} what="this session" onRetry={() => void place.refetch()} />
    </>
  );
}

export function NoSuchSession({ back }: { back: string }) {
  return (
    <>
      <title>No such session · TARS</title>
      <EmptyState
        icon={SearchX}
        title="No such session"
        action={
          <Button asChild variant="primary">
            <a href={back}>All sessions</a>
          </Button>
        }
      >
        It belongs to a project that you are not a member of, or the retention policy has deleted it.
      </EmptyState>
    </>
  );
}
