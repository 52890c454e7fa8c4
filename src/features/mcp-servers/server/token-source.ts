import type { Config } from '#src/server/config/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { ConnectError, NeedsSignInError, type TokenSource } from '#src/server/mcp/index.ts';
import { decideToken, needsNewSignIn, type OAuthServer, toOAuthServer } from './credential.ts';
import { renewToken } from './renew-credential.ts';
import { loadCredential } from './store-credential.ts';
import { HIDDEN_TOKENS } from './tunables.ts';

const HIDDEN = '[MASKED_ACCESS_TOKEN]';

/**
 * The tokens of a configured server for one connection; undefined for a server that wants no sign-in. The row is read for
 * each request, so a sign-out, a sign-in and another process's renewal take effect at once.
 */
export function tokenSourceFor(kernel: Kernel, config: Config, name: string): TokenSource | undefined {
  const server = toOAuthServer(name, config.mcpServers[name]?.transport);
  return server ? createTokenSource(kernel, server) : undefined;
}

function createTokenSource(kernel: Kernel, server: OAuthServer): TokenSource {
  const handedOut = new Set<string>();
  const handOut = (token: string): string => {
    handedOut.delete(token);
    handedOut.add(token);
    const [oldest] = handedOut;
    if (oldest !== undefined && handedOut.size > HIDDEN_TOKENS) handedOut.delete(oldest);
    return token;
  };
  return {
    async current(signal) {
      const credential = await loadCredential(kernel.database.pool, kernel.secrets, server);
      const decision = decideToken(credential, server, new Date());
      switch (decision.action) {
        case 'use':
          return handOut(decision.token);
        case 'sign_in':
          throw new NeedsSignInError(decision.why);
        case 'renew':
          return handOut(await renewToken(kernel, server, { stale: null, signal }));
      }
    },
    replace: async (token, signal) => handOut(await renewToken(kernel, server, { stale: token, signal })),
    rejected: () =>
      server.auth.grant === 'client_credentials'
        ? new ConnectError('it refuses the token of its client', 'auth')
        : needsNewSignIn(),
    hide: (text) => [...handedOut].reduce((current, token) => current.replaceAll(token, HIDDEN), text),
  };
}
