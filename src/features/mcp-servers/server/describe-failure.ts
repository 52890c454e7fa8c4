import {
  OAuthError,
  ServerError,
  TemporarilyUnavailableError,
  TooManyRequestsError,
} from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { ZodError } from 'zod';
import { AddressError } from './authorization-fetch.ts';

export type AuthorizationFailure = {
  /** Whether the authorization server has said no, as opposed to not being able to answer. */
  final: boolean;
  /** In words. Never what the other side wrote: an error text may repeat a token, a code or a secret. */
  text: string;
};

/** Texts of the SDK's own that say something to whoever configures the server. */
const OWN_TEXTS =
  /^(Incompatible auth server: |HTTP \d{3} trying to load |Resource server does not implement )[\x20-\x7e]*$/;

/** What an error of the SDK or the network means. */
export function describeAuthorizationFailure(error: unknown): AuthorizationFailure {
  if (
    error instanceof ServerError ||
    error instanceof TemporarilyUnavailableError ||
    error instanceof TooManyRequestsError
  )
    return passing('the authorization server cannot answer now');
  if (error instanceof OAuthError)
    return { final: true, text: `the authorization server answered ${error.errorCode}` };
  if (error instanceof AddressError)
    return passing(`its authorization server is not asked: ${error.message}`);
  if (error instanceof ZodError || error instanceof SyntaxError)
    return passing('the authorization server answered in a shape that the protocol does not know');
  if (!(error instanceof Error)) return passing('the sign-in failed');
  if (error.name === 'TimeoutError' || error.name === 'AbortError')
    return passing('the authorization server did not answer in time');
  if (error.message.startsWith('Protected resource '))
    return passing(
      'the server says that it is another one than configured (its metadata name another resource)',
    );
  if (OWN_TEXTS.test(error.message)) return passing(error.message);
  if ('syscall' in error && error.syscall === 'open')
    return passing('the certificates of its caFile cannot be read');
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  if (error instanceof TypeError) return passing(`the authorization server cannot be reached${code}`);
  return passing('the sign-in failed');
}

const passing = (text: string): AuthorizationFailure => ({ final: false, text });
