import type { OAuthConfig } from 'next-auth/providers/oauth';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { gitHubIdentities, type Identity } from './identity.ts';
import { GITHUB_TIMEOUT_MS } from './tunables.ts';

const profileSchema = z.object({
  id: z.number().int(),
  login: z.string(),
  name: z.string().nullish(),
  email: z.string().nullish(),
  avatar_url: z.string().nullish(),
});
const emailsSchema = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** What we keep of a GitHub account. `subject` is stable; the login may be renamed and given to somebody else. */
export type GitHubProfile = {
  subject: string;
  name: string;
  email?: string;
  image?: string;
  identities: Identity[];
};

/** GitHub's REST address: its own host on github.com, below `/api/v3` on an Enterprise server. */
export const gitHubApiUrl = (url: string): string =>
  new URL(url).hostname === 'github.com' ? 'https://api.github.com' : `${url}/api/v3`;

/** Sign-in with GitHub, or with a GitHub Enterprise server, as next-auth wants it described. */
export function gitHubProvider(github: {
  clientId: string;
  clientSecret: string;
  url: string;
}): OAuthConfig<Record<string, unknown>> {
  const api = gitHubApiUrl(github.url);
  return {
    id: 'github',
    name: 'GitHub',
    type: 'oauth',
    clientId: github.clientId,
    clientSecret: github.clientSecret,
    checks: ['state', 'pkce'],
    authorization: { url: `${github.url}/login/oauth/authorize`, params: { scope: 'read:user user:email' } },
    token: `${github.url}/login/oauth/access_token`,
    userinfo: {
      url: `${api}/user`,
      request: async ({ tokens }) => readGitHubProfile(api, tokens.access_token ?? ''),
    },
    httpOptions: { timeout: GITHUB_TIMEOUT_MS },
    profile: (profile) => ({ id: String(profile.subject) }),
  };
}

async function readGitHubProfile(api: string, accessToken: string): Promise<GitHubProfile> {
  const user = profileSchema.parse(await getJson(`${api}/user`, accessToken));
  const emails = await readVerifiedEmails(api, accessToken);
  const email = user.email ?? emails.find(({ primary }) => primary)?.email;
  return {
    subject: `github:${user.id}`,
    name: user.name || user.login,
    ...(email ? { email } : {}),
    ...(user.avatar_url ? { image: user.avatar_url } : {}),
    identities: gitHubIdentities({ login: user.login, verifiedEmails: emails.map((entry) => entry.email) }),
  };
}

/** Addresses that belong to the account for certain. A token without that right, or a failure, means that we know none. */
async function readVerifiedEmails(api: string, accessToken: string): Promise<z.infer<typeof emailsSchema>> {
  try {
    const emails = emailsSchema.parse(await getJson(`${api}/user/emails`, accessToken));
    return emails.filter(({ verified }) => verified);
  } catch {
    return [];
  }
}

async function getJson(url: string, accessToken: string): Promise<unknown> {
  const response = await fetch(url, {
    headers: {
      authorization: `Bearer ${accessToken}`,
      accept: 'application/vnd.github+json',
      'user-agent': 'tars',
    },
    signal: AbortSignal.timeout(GITHUB_TIMEOUT_MS),
  });
  if (!response.ok) throw new AppError('unavailable', `GitHub answered ${response.status}.`);
  return response.json();
}
