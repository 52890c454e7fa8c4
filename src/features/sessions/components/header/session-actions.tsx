'use client';
import { useMutation } from '@tanstack/react-query';
import { RotateCcw, ScrollText } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import { useMay } from '#src/components/frame/project-context.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';
import { isTerminal, type SessionView } from '../../schema.ts';
import { CancelSessionButton } from '../cancel-session-button.tsx';

/** Cancel while it runs, run again once it has ended; the trace always. */
export function SessionActions({ project, session }: { project: string; session: SessionView }) {
  const trpc = useTRPC();
  const router = useRouter();
  const mayOperate = useMay('operator');
  const input = { project, id: session.id };
  const sayWhy = (error: unknown) => toast.error(describeError(error).message);
  const rerun = useMutation(
    trpc.sessions.rerun.mutationOptions({
      onError: sayWhy,
      onSuccess: ({ sessionId }) => router.push(`/p/${project}/sessions/${sessionId}`),
    }),
  );
  const ended = isTerminal(session.status);
  return (
    <div className="flex items-center gap-1.5">
      <Button asChild size="sm" variant="ghost">
        <Link href={`/p/${project}/sessions/${session.id}/trace`}>
          <ScrollText /> Trace
        </Link>
      </Button>
      {mayOperate && ended ? (
        <Button size="sm" disabled={rerun.isPending} onClick={() => rerun.mutate(input)}>
          {rerun.isPending ? <Spinner /> : <RotateCcw />} Run again
        </Button>
      ) : null}
      <CancelSessionButton project={project} session={session} />
    </div>
  );
}
