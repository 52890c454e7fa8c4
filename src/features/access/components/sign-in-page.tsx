'use client';
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, KeyRound, Terminal } from 'lucide-react';
import { signIn } from 'next-auth/react';
import { useQueryState } from 'nuqs';
import { CopyButton } from '#src/components/copy-button.tsx';
import { useTRPC } from '#src/components/data/trpc.ts';
import { Logo } from '#src/components/frame/logo.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Skeleton } from '#src/components/ui/skeleton.tsx';
import { safeReturnPath } from '#src/lib/return-path.ts';
import { describeSignInError } from './describe-sign-in-error.ts';
import { GithubMark } from './github-mark.tsx';

const LINK_COMMAND = 'npx tars login link';

export function SignInPage() {
  const trpc = useTRPC();
  const methods = useQuery(trpc.access.signInMethods.queryOptions());
  const [to] = useQueryState('to');
  const [error] = useQueryState('error');
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <title>Sign in · TARS</title>
      <div className="grid w-full max-w-sm gap-5">
        <div className="grid justify-items-center gap-1 text-center text-lg">
          <Logo size={32} />
          <h1 className="text-base text-dim">From an alert to its root cause, live</h1>
        </div>
        {error ? (
          <p role="alert" className="flex gap-2 rounded-lg bg-bad-soft p-3 text-bad">
            <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
            {describeSignInError(error)}
          </p>
        ) : null}
        <div className="grid gap-4 rounded-xl border bg-panel p-5">
          {methods.isPending ? <Skeleton className="h-9" /> : null}
          {methods.data?.github ? (
            <Button
              variant="primary"
              className="h-9"
              onClick={() => void signIn('github', { callbackUrl: safeReturnPath(to) })}
            >
              <GithubMark /> Continue with GitHub
            </Button>
          ) : null}
          {methods.data?.proxy ? (
            <p className="flex gap-2 text-dim">
              <KeyRound aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
              This installation signs people in at its proxy. Open TARS at the proxy's address.
            </p>
          ) : null}
          <div className="grid gap-2">
            <p className="flex items-center gap-2 font-medium">
              <Terminal aria-hidden="true" className="size-4 text-dim" />
              {methods.data?.github ? 'Or with a one-time link' : 'Sign in with a one-time link'}
            </p>
            <p className="text-dim">
              On the machine that runs TARS, print a link for an administrator and open it here:
            </p>
            <div className="flex items-center justify-between rounded-md bg-raised py-1 pr-1 pl-3">
              <code>{LINK_COMMAND}</code>
              <CopyButton label="Copy the command" text={() => LINK_COMMAND} />
            </div>
            <p className="text-dim text-xs">
              A link works once and for a short time. The first start prints one too.
            </p>
          </div>
        </div>
      </div>
    </main>
  );
}
