'use client';
import { useQuery } from '@tanstack/react-query';
import { UsersRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { signOut } from 'next-auth/react';
import { useEffect } from 'react';
import { useTRPC } from '../data/trpc.ts';
import { EmptyState } from '../empty-state.tsx';
import { ErrorState } from '../error-state.tsx';
import { Button } from '../ui/button.tsx';
import { FrameSkeleton } from './frame-skeleton.tsx';

/** `/`: leads to the sessions of the first project; says what to do when there is none. */
export function StartPage() {
  const trpc = useTRPC();
  const me = useQuery(trpc.access.me.queryOptions());
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
  if (me.data && !first) return <NoMembership name={me.data.name} />;
  return <FrameSkeleton />;
}

function NoMembership({ name }: { name: string }) {
  return (
    <main className="grid min-h-dvh place-items-center">
      <title>No project yet · TARS</title>
      <EmptyState
        icon={UsersRound}
        title={`Signed in as ${name}, but not a member of any project`}
        action={
          <Button onClick={() => void signOut({ callbackUrl: '/sign-in' })}>Sign in as somebody else</Button>
        }
      >
        Ask an administrator of your team's project to add you. Where nobody is one yet, the person who runs
        TARS gets a link for the first administrator with{' '}
        <code className="text-text">npx tars login link</code>.
      </EmptyState>
    </main>
  );
}
