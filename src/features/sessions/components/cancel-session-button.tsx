'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleStop } from 'lucide-react';
import { toast } from 'sonner';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import { useMay } from '#src/components/frame/project-context.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { ConfirmDialog } from '#src/components/ui/confirm-dialog.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';
import { isTerminal, type SessionView } from '../schema.ts';

type CancelProps = {
  project: string;
  session: Pick<SessionView, 'id' | 'status' | 'title'>;
  /** Only its sign, where many stand below each other. */
  short?: boolean;
};

/** Stops an investigation after asking; nothing for those who may not, and once it has ended. */
export function CancelSessionButton({ project, session, short = false }: CancelProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mayOperate = useMay('operator');
  const cancel = useMutation(
    trpc.sessions.cancel.mutationOptions({
      onError: (error) => toast.error(describeError(error).message),
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.sessions.active.queryKey() }),
    }),
  );
  if (!mayOperate || isTerminal(session.status)) return null;
  const isCancelling = session.status === 'cancelling';
  const isBusy = cancel.isPending || isCancelling;
  return (
    <ConfirmDialog
      title="Cancel this investigation?"
      description={`${session.title}. What was found so far stays readable. A cancelled investigation cannot go on; it can only be run again from the start.`}
      confirm="Cancel investigation"
      onConfirm={() => cancel.mutate({ project, id: session.id })}
    >
      <Button
        size={short ? 'iconSm' : 'sm'}
        variant={short ? 'ghost' : 'danger'}
        disabled={isBusy}
        aria-label={short ? `Cancel ${session.title}` : undefined}
        title={short ? 'Cancel' : undefined}
      >
        {isBusy ? <Spinner /> : <CircleStop />}
        {short ? null : isCancelling ? 'Cancelling' : 'Cancel'}
      </Button>
    </ConfirmDialog>
  );
}
