'use client';
import { UsersRound } from 'lucide-react';
import { signOut } from 'next-auth/react';
import { CopyButton } from '../copy-button.tsx';
import { EmptyState } from '../empty-state.tsx';
import { Button } from '../ui/button.tsx';

type Me = { name: string; identities: readonly string[]; contact: string | null };

/** Signed in, and no way on: whom to ask, and for what. Names nobody, since with some sign-ins this may be a stranger. */
export function NoMembership({ me: { name, identities, contact } }: { me: Me }) {
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
        <p>
          {contact ? (
            <>
              Ask <strong className="font-medium text-text">{contact}</strong> to add you
            </>
          ) : (
            "Ask an administrator of your team's project to add you"
          )}
          {identities.length === 0 ? '.' : identities.length === 1 ? ' as' : ' as one of'}
        </p>
        {identities.length > 0 ? (
          <ul className="my-2 grid justify-items-center gap-1">
            {identities.map((identity) => (
              <li key={identity} className="flex items-center rounded-md bg-raised pl-3">
                <code className="text-text [overflow-wrap:anywhere]">{identity}</code>
                <CopyButton label={`Copy ${identity}`} text={() => identity} />
              </li>
            ))}
          </ul>
        ) : null}
        <p>This page opens your project as soon as you are in.</p>
        <p className="mt-3 text-xs">
          Nobody is administrator yet? Whoever runs TARS gets a link for the first one with{' '}
          <code className="text-text">npx tars login link</code>.
        </p>
      </EmptyState>
    </main>
  );
}
