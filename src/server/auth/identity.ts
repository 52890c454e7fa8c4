import { AppError } from '../errors.ts';

/**
 * How an administrator names somebody, and how a sign-in proves to be them: `github:<login>`, `proxy:<name>`, or an e-mail
 * address that the provider vouches for. Compared as text, so each has one spelling.
 */
export type Identity = string;

/** Ways into this installation that know people. */
export type SignInWays = { github: boolean; proxy: boolean };

const GITHUB_LOGIN = /^[a-z0-9][a-z0-9_-]{0,99}$/i;
const EMAIL = /^[^\s@:]+@[^\s@:]+\.[^\s@:]+$/;

const lowered = (text: string): string => text.toLowerCase();
const isEmail = (text: string): boolean => EMAIL.test(text);

/**
 * The identity that `who` means. A bare login is GitHub's or the proxy's where only one of them is configured; where both
 * are, it could be two people, and must say which. Throws `bad_request`.
 */
export function parseIdentity(who: string, ways: SignInWays): Identity {
  const text = who.trim();
  if (text.startsWith('proxy:') && text.length > 'proxy:'.length) return text;
  if (text.startsWith('github:')) return gitHubIdentity(text.slice('github:'.length));
  if (text.startsWith('local:')) return text;
  if (isEmail(text)) return lowered(text);
  if (text === '' || text.includes('@', 1)) throw refused('Give a login or an e-mail address.');
  if (ways.github && !ways.proxy) return gitHubIdentity(text.replace(/^@/, ''));
  if (ways.proxy && !ways.github) return `proxy:${text}`;
  throw refused(`Say how they sign in: github:${text} or proxy:${text}. An e-mail address works too.`);
}

function gitHubIdentity(login: string): Identity {
  if (!GITHUB_LOGIN.test(login)) throw refused(`"${login}" is no login of GitHub.`);
  return `github:${lowered(login)}`;
}

const refused = (message: string) =>
  new AppError('bad_request', message, { fields: [{ path: 'who', message }] });

/** What a GitHub sign-in proves. `verifiedEmails`: GitHub has seen this person read mail there. */
export const gitHubIdentities = (account: { login: string; verifiedEmails: readonly string[] }): Identity[] =>
  unique([`github:${lowered(account.login)}`, ...account.verifiedEmails.filter(isEmail).map(lowered)]);

/** What the trusted proxy proves: it may name people by their address. */
export const proxyIdentities = (proxy: { user: string; email: string | null }): Identity[] =>
  unique([`proxy:${proxy.user}`, ...[proxy.user, proxy.email ?? ''].filter(isEmail).map(lowered)]);

const unique = (identities: string[]): Identity[] => [...new Set(identities)];
