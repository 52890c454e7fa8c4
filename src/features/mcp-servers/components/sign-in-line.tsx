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
import { formatQuantity } from '#src/lib/format-number.ts';
import type { HeldSignIn, SignInState } from '../schema.ts';

type SignInLineProps = {
  project: string;
  server: string;
  signIn: SignInState;
  /** The server itself does not accept what there is. */
  refused: boolean;
};

/** How TARS, and at a server with `perUser` the reader, is signed in, and the buttons that change it. */
export function SignInLine({ signIn, ...props }: SignInLineProps) {
  const isAdmin = useMay('admin');
  const { perUser } = signIn;
  if (!perUser) return <SharedLine {...props} signIn={signIn} />;
  return (
    <>
      {perUser.mine ? <OwnLine {...props} mine={perUser.mine} people={perUser.people} /> : null}
      {isAdmin ? <SharedLine {...props} signIn={signIn} people={perUser.people} /> : null}
    </>
  );
}

/** Of the installation; `people` where everybody has one of their own besides. */
function SharedLine({ project, server, signIn, refused, people }: SignInLineProps & { people?: number }) {
  const isAdmin = useMay('admin');
  const actions = useSignIn({ project, server });
  const isExtra = people !== undefined;
  const isMissing = signIn.state === 'needs_sign_in';
  const isUnused = isExtra && signIn.connectedAt === null;
  return (
    <Line
      isWarning={(isMissing && !isUnused) || refused}
      words={sharedWords({ signIn, refused, isAdmin, isExtra })}
    >
      {isAdmin && signIn.state !== 'automatic' ? (
        <Buttons
          server={server}
          whose={isExtra ? ' for alerts' : ''}
          busy={actions.busy}
          consequence={
            isExtra
              ? 'What no person starts loses its tools at once.'
              : 'Runs lose its tools at once, until an administrator signs in again.'
          }
          onSignIn={isMissing || refused ? actions.signIn : null}
          onSignOut={signIn.connectedAt === null ? null : () => actions.signOut('installation')}
        />
      ) : null}
      {people ? (
        <ConfirmDialog
          title={`Sign everybody out of ${server}?`}
          description={`${formatQuantity(people, 'person', 'people')} and what no person starts lose its tools at once. Everybody signs in again for themselves.`}
          confirm="Sign everybody out"
          onConfirm={() => actions.signOut('everybody')}
        >
          <Button size="sm" variant="ghost" disabled={actions.busy}>
            <LogOut /> Sign everybody out
          </Button>
        </ConfirmDialog>
      ) : null}
    </Line>
  );
}

function OwnLine({
  project,
  server,
  mine,
  people,
}: {
  project: string;
  server: string;
  mine: HeldSignIn;
  people: number;
}) {
  const isOperator = useMay('operator');
  const actions = useMySignIn({ project, server });
  const isMissing = mine.state === 'needs_sign_in';
  const others = people - (isMissing ? 0 : 1);
  return (
    <Line
      isWarning={isMissing}
      words={
        <>
          {isMissing ? (
            `Everybody signs in for themselves; ${mine.why ?? ''}`
          ) : (
            <>
              You signed in <When signIn={mine} />.
            </>
          )}
          {others > 0 ? ` ${formatQuantity(others, 'other person is', 'other people are')} signed in.` : ''}{' '}
          What TARS reads with your rights, in what you start, is seen by the whole project.
        </>
      }
    >
      {isOperator ? (
        <Buttons
          server={server}
          whose=" yourself"
          busy={actions.busy}
          consequence="What you have started loses its tools at once."
          onSignIn={isMissing ? actions.signIn : null}
          onSignOut={mine.connectedAt === null ? null : actions.signOut}
        />
      ) : null}
    </Line>
  );
}

function Line({ isWarning, words, children }: { isWarning: boolean; words: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-2.5 gap-y-1 px-4 pb-2 pl-10 text-xs">
      <KeyRound aria-hidden="true" className={`size-3.5 shrink-0 ${isWarning ? 'text-warn' : 'text-dim'}`} />
      <p className="min-w-40 flex-1 text-dim [overflow-wrap:anywhere]">{words}</p>
      <span className="flex flex-wrap gap-1.5">{children}</span>
    </div>
  );
}

function sharedWords(options: {
  signIn: SignInState;
  refused: boolean;
  isAdmin: boolean;
  isExtra: boolean;
}): ReactNode {
  const { signIn, refused, isAdmin, isExtra } = options;
  const { state, why, connectedBy } = signIn;
  if (state === 'automatic') return 'TARS signs in by itself, with its own id and secret.';
  if (isExtra && signIn.connectedAt === null)
    return 'What no person starts (alerts, checks) goes without it, unless you sign in for that.';
  const help = isAdmin ? '' : ' An administrator can connect it.';
  if (state === 'needs_sign_in') return `Needs sign-in: ${why}${help}`;
  if (refused) return `Needs sign-in: the server does not accept the present one.${help}`;
  return (
    <>
      {isExtra ? 'For what no person starts, signed in by' : 'Signed in by'} {connectedBy ?? 'somebody'}{' '}
      <When signIn={signIn} />
    </>
  );
}

function When({ signIn: { connectedAt, renewable, expiresAt } }: { signIn: HeldSignIn }) {
  return (
    <>
      {connectedAt === null ? null : <TimeAgo at={connectedAt} className="text-dim" />}
      {renewable || expiresAt === null ? '' : '; it cannot be renewed and ends by itself'}
    </>
  );
}

type Place = { project: string; server: string };

/** The installation's sign-in. While the browser is on its way to the consent page the buttons stay pressed. */
function useSignIn({ project, server }: Place) {
  const trpc = useTRPC();
  const signIn = useMutation(trpc.mcpServers.startSignIn.mutationOptions(leave));
  const signOut = useMutation(trpc.mcpServers.signOut.mutationOptions(useSignedOut({ project, server })));
  return {
    busy: signIn.isPending || signIn.isSuccess || signOut.isPending,
    signIn: () => signIn.mutate({ project, server }),
    signOut: (of: 'installation' | 'everybody') => signOut.mutate({ project, server, of }),
  };
}

/** The reader's own. */
function useMySignIn({ project, server }: Place) {
  const trpc = useTRPC();
  const signIn = useMutation(trpc.mcpServers.startMySignIn.mutationOptions(leave));
  const signOut = useMutation(trpc.mcpServers.signMeOut.mutationOptions(useSignedOut({ project, server })));
  return {
    busy: signIn.isPending || signIn.isSuccess || signOut.isPending,
    signIn: () => signIn.mutate({ project, server }),
    signOut: () => signOut.mutate({ project, server }),
  };
}

const onError = (error: unknown) => void toast.error(describeError(error).message);

const leave = { onSuccess: ({ url }: { url: string }) => window.location.assign(url), onError };

function useSignedOut({ project, server }: Place) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return {
    onSuccess: ({ revoked }: { revoked: boolean | null }) =>
      void toast.success(
        revoked === false
          ? `Signed out of ${server}. Its authorization server could not be told.`
          : `Signed out of ${server}.`,
      ),
    onError,
    onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.system.overview.queryKey({ project }) }),
  };
}

type ButtonsProps = {
  server: string;
  /** As it ends the names of the buttons. */
  whose: string;
  busy: boolean;
  /** Of signing out. */
  consequence: string;
  onSignIn: (() => void) | null;
  onSignOut: (() => void) | null;
};

function Buttons({ server, whose, busy, consequence, onSignIn, onSignOut }: ButtonsProps) {
  return (
    <>
      {onSignOut ? (
        <ConfirmDialog
          title={`Sign out of ${server}?`}
          description={consequence}
          confirm="Sign out"
          onConfirm={onSignOut}
        >
          <Button size="sm" variant="ghost" disabled={busy} aria-label={`Sign out of ${server}${whose}`}>
            <LogOut /> Sign out
          </Button>
        </ConfirmDialog>
      ) : null}
      {onSignIn ? (
        <Button
          size="sm"
          variant="primary"
          disabled={busy}
          aria-label={`Sign in to ${server}${whose}`}
          onClick={onSignIn}
        >
          <LogIn /> Sign in
        </Button>
      ) : null}
    </>
  );
}
