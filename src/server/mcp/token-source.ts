import { ConnectError } from './classify-error.ts';

/** The tokens of one server that wants a sign-in, wherever they are kept. */
export interface TokenSource {
  /** The token for the next request, renewed first when it has run out. Throws `ConnectError`. `signal` ends a wait, no renewal. */
  current(signal?: AbortSignal | null): Promise<string>;
  /** Another one, after the server has refused `token`. Throws `ConnectError`. */
  replace(token: string, signal?: AbortSignal | null): Promise<string>;
  /** What it means that the server refuses a token that has just been issued. */
  rejected(): ConnectError;
  /** A text without the tokens that were handed out here: servers repeat what they are sent. */
  hide(text: string): string;
}

/** A person has to sign in before the server can be used. The message says it in plain words. */
export class NeedsSignInError extends ConnectError {
  /** Found out by asking the server, as opposed to having nothing to ask it with. */
  readonly refused: boolean;
  constructor(why: string, options: { refused?: boolean } = {}) {
    super(`needs sign-in: ${why}`, 'needs_sign_in');
    this.name = 'NeedsSignInError';
    this.refused = options.refused ?? false;
  }
}
