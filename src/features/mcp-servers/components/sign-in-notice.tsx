'use client';
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { Button } from '#src/components/ui/button.tsx';
import { historyOf, type SignInOutcome, type SignInState, signInOutcomes } from '../schema.ts';

const parsers = { signIn: parseAsStringLiteral(signInOutcomes), server: parseAsString };

type Servers = readonly { name: string; signIn: SignInState | null }[];

/** How the sign-in went that a person has just come back from; the address says it, until it is dismissed. */
export function SignInNotice({ servers }: { servers: Servers }) {
  const [{ signIn: outcome, server: name }, setState] = useQueryStates(parsers, { history: 'replace' });
  // Only what is configured is repeated: anybody can write an address.
  const server = servers.find((candidate) => candidate.name === name);
  if (!outcome) return null;
  const isGood = outcome === 'connected';
  const Icon = isGood ? CircleCheck : CircleAlert;
  return (
    <div
      role={isGood ? 'status' : 'alert'}
      className={`flex items-start gap-2.5 rounded-xl px-4 py-2.5 lg:col-span-2 ${isGood ? 'bg-ok-soft text-ok' : 'bg-bad-soft text-bad'}`}
    >
      <Icon aria-hidden="true" className="mt-1 size-4 shrink-0" />
      <p className="min-w-0 flex-1 py-0.5 [overflow-wrap:anywhere]">{describeOutcome(outcome, server)}</p>
      <Button
        size="iconSm"
        variant="ghost"
        aria-label="Dismiss"
        className="text-current"
        onClick={() => void setState({ signIn: null, server: null })}
      >
        <X />
      </Button>
    </div>
  );
}

function describeOutcome(outcome: SignInOutcome, server: Servers[number] | undefined): string {
  const name = server ? `“${server.name}”` : 'the server';
  switch (outcome) {
    case 'connected':
      return `Connected to ${name}. Executions that start now use it.`;
    case 'denied':
      return `The consent for ${name} was denied. Nothing has changed.`;
    case 'expired':
      return `The sign-in to ${name} took longer than ten minutes. Start it again.`;
    case 'unknown':
      return 'This sign-in is not known: it was used already, begun by somebody else, or not begun here. Start it again.';
    case 'forbidden':
      return `You may not sign in to ${name}: for TARS it needs the admin role, for yourself the operator role.`;
    case 'changed':
      return `The configuration of ${name} was changed while you signed in. Start it again.`;
    case 'failed': {
      const history = server?.signIn ? historyOf(server.signIn) : [];
      const detail = history.find(({ action }) => action === 'failed')?.detail;
      return `The sign-in to ${name} failed${detail ? `: ${detail}` : ''}.`;
    }
  }
}
