import { TimeAgo } from '#src/components/time.tsx';
import { historyOf, type SignInAction, type SignInState } from '../schema.ts';

const WORDS: Record<SignInAction, string> = {
  connected: 'signed in',
  denied: 'denied the consent',
  failed: 'could not sign in',
  refused: 'the authorization server ended the sign-in',
  disconnected: 'signed out',
};

/** Who connected a server, and how that ended; newest first. */
export function SignInHistory({ signIn }: { signIn: SignInState }) {
  const history = historyOf(signIn);
  if (history.length === 0) return null;
  return (
    <ul aria-label="Sign-ins" className="grid gap-1 pt-1 pr-4 pb-2 pl-10 text-dim text-xs">
      {history.map(({ action, actor, detail, at }) => (
        <li key={`${at} ${action}`} className="flex flex-wrap gap-x-1.5">
          <span className="min-w-0 [overflow-wrap:anywhere]">
            {actor ? `${actor} ` : ''}
            {WORDS[action]}
            {detail ? ` (${detail})` : ''}
          </span>
          <TimeAgo at={at} />
        </li>
      ))}
    </ul>
  );
}
