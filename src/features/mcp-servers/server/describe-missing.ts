import { NeedsSignInError } from '#src/server/mcp/index.ts';
import type { Holder, MissingSignIn, OAuthServer } from './credential.ts';

/** Why somebody has to sign in, as it follows "needs sign-in:". Pure. */
export function describeMissing(why: MissingSignIn, { subject }: Holder): string {
  switch (why) {
    case 'never':
      if (subject === 'installation') return 'nobody has connected it yet.';
      return subject === 'you'
        ? 'you have not signed in to it.'
        : `${subject.name} has not signed in to it on the system page.`;
    case 'moved':
      return 'its address or its authorization server has changed since it was connected.';
    case 'client':
      return 'its client has changed since it was connected.';
    case 'ended':
      if (subject === 'installation') return 'the last sign-in has ended.';
      return `${subject === 'you' ? 'your last sign-in' : `the last sign-in of ${subject.name}`} has ended.`;
  }
}

/** Said when there is no token and only a person can get one. */
export const missingSignIn = ({ holder }: OAuthServer, why: MissingSignIn): NeedsSignInError =>
  new NeedsSignInError(describeMissing(why, holder));

/** Said when a server refuses a token that should be good. */
export const refusedSignIn = (): NeedsSignInError =>
  new NeedsSignInError('the server does not accept the present one.', { refused: true });
