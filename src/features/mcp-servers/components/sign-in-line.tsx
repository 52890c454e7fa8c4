'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { KeyRound, LogIn, LogOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import { useMay } from '#src/components/frame/project-context.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { ConfirmDialog } from '#src/components/ui/confirm-dialog.tsx';
import type { SignInState } from '../schema.ts';

type SignInLineProps = {
  project: string;
  server: string;
  signIn: SignInState;
  /** The server itself does not accept what there is. */
  refused: boolean;
};

/** How TARS is signed in to a server, and the button that changes it. */
export function SignInLine({ project, server, signIn, refused }: SignInLineProps) {
  const isAdmin = useMay('admin');
  const needed = signIn.state === 'needs_sign_in' || refused;
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-2.5 gap-y-1 px-4 pb-2 pl-10 text-xs">
      <KeyRound aria-hidden="true" className={`size-3.5 shrink-0 ${needed ? 'text-warn' : 'text-dim'}`} />
      <p className="min-w-40 flex-1 text-dim [overflow-wrap:anywhere]">
        <Words signIn={signIn} refused={refused} isAdmin={isAdmin} />
      </p>
      {isAdmin && signIn.state !== 'automatic' ? (
        <Buttons project={project} server={server} needed={needed} canLeave={signIn.connectedAt !== null} />
      ) : null}
    </div>
  );
}

function Words({
  signIn,
  refused,
  isAdmin,
}: Pick<SignInLineProps, 'signIn' | 'refused'> & { isAdmin: boolean }): ReactNode {
  const { state, why, connectedBy, connectedAt, expiresAt, renewable } = signIn;
  if (state === 'automatic') return 'TARS signs in by itself, with its own id and secret.';
  const help = isAdmin ? '' : ' An administrator can connect it.';
  if (state === 'needs_sign_in') return `Needs sign-in: ${why}${help}`;
  if (refused) return `Needs sign-in: the server does not accept the present one.${help}`;
  return (
    <>
      Signed in by {connectedBy ?? 'somebody'}{' '}
      {connectedAt === null ? null : <TimeAgo at={connectedAt} className="text-dim" />}
      {renewable || expiresAt === null ? '' : <>; it cannot be renewed and ends by itself</>}
    </>
  );
}

function Buttons({
  project,
  server,
  needed,
  canLeave,
}: {
  project: string;
  server: string;
  needed: boolean;
  canLeave: boolean;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const onError = (error: unknown) => void toast.error(describeError(error).message);
  const signIn = useMutation(
    trpc.mcpServers.startSignIn.mutationOptions({
      onSuccess: ({ url }) => window.location.assign(url),
      onError,
    }),
  );
  const signOut = useMutation(
    trpc.mcpServers.signOut.mutationOptions({
      onSuccess: ({ revoked }) =>
        void toast.success(
          revoked === false
            ? `Signed out of ${server}. Its authorization server could not be told.`
            : `Signed out of ${server}.`,
        ),
      onError,
      onSettled: () =>
        queryClient.invalidateQueries({ queryKey: trpc.system.overview.queryKey({ project }) }),
    }),
  );
  // While the browser is on its way to the consent page the button stays pressed.
  const busy = signIn.isPending || signIn.isSuccess || signOut.isPending;
  return (
    <span className="flex gap-1.5">
      {canLeave ? (
        <ConfirmDialog
          title={`Sign out of ${server}?`}
          description="Runs lose its tools at once, until an administrator signs in again."
          confirm="Sign out"
          onConfirm={() => signOut.mutate({ project, server })}
        >
          <Button size="sm" variant="ghost" disabled={busy} aria-label={`Sign out of ${server}`}>
            <LogOut /> Sign out
          </Button>
        </ConfirmDialog>
      ) : null}
      {needed ? (
        <Button
          size="sm"
          variant="primary"
          disabled={busy}
          aria-label={`Sign in to ${server}`}
          onClick={() => signIn.mutate({ project, server })}
        >
          <LogIn /> Sign in
        </Button>
      ) : null}
    </span>
  );
}
