import type { Config } from '#src/server/config/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { ConnectError, NeedsSignInError, type TokenSource } from '#src/server/mcp/index.ts';
import {
  decideToken,
  INSTALLATION,
  isPerUser,
  keyOf,
  type OAuthServer,
  toOAuthServer,
} from './credential.ts';
import { missingSignIn, refusedSignIn } from './describe-missing.ts';
import { renewToken } from './renew-credential.ts';
import { loadCredential } from './store-credential.ts';
import { HIDDEN_TOKENS } from './tunables.ts';

const HIDDEN = '[MASKED_ACCESS_TOKEN]';

/** The person whose rights are used, in the project for which something is done. */
export type ActsFor = { userId: string; name: string; projectId: string };

/**
 * The tokens of a configured server for one connection; undefined for a server that wants no sign-in. The row is read for
 * each request, so a sign-out, a sign-in and another process's renewal take effect at once. At a server with `perUser` a
 * person's own sign-in is used and no other, while they may start investigations in the project; where no person is
 * (`actsFor` null), the installation's.
 */
export function tokenSourceFor(
  kernel: Kernel,
  options: { config: Config; server: string; actsFor: ActsFor | null },
): TokenSource | undefined {
  const transport = options.config.mcpServers[options.server]?.transport;
  const actsFor = isPerUser(transport) ? options.actsFor : null;
  const holder = actsFor ? { id: actsFor.userId, subject: { name: actsFor.name } } : INSTALLATION;
  const server = toOAuthServer(options.server, transport, holder);
  return server ? createTokenSource(kernel, server, actsFor) : undefined;
}

function createTokenSource(kernel: Kernel, server: OAuthServer, actsFor: ActsFor | null): TokenSource {
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
      const { pool } = kernel.database;
      if (actsFor && !(await mayStart(pool, actsFor)))
        throw new NeedsSignInError(`${actsFor.name} may not start investigations in this project any more.`);
      const credential = await loadCredential(pool, kernel.secrets, keyOf(server));
      const decision = decideToken(credential, server, new Date());
      switch (decision.action) {
        case 'use':
          return handOut(decision.token);
        case 'sign_in':
          throw missingSignIn(server, decision.why);
        case 'renew':
          return handOut(await renewToken(kernel, server, { stale: null, signal }));
      }
    },
    replace: async (token, signal) => handOut(await renewToken(kernel, server, { stale: token, signal })),
    rejected: () =>
      server.auth.grant === 'client_credentials'
        ? new ConnectError('it refuses the token of its client', 'auth')
        : refusedSignIn(),
    hide: (text) => [...handedOut].reduce((current, token) => current.replaceAll(token, HIDDEN), text),
  };
}

/** Whether the person is still one of those who may have TARS do something there. */
async function mayStart(sql: Sql, { userId, projectId }: ActsFor): Promise<boolean> {
  const { rows } = await sql.query(
    `select 1 from membership where user_id = $1 and project_id = $2 and role in ('operator', 'admin')`,
    [userId, projectId],
  );
  return rows.length > 0;
}
