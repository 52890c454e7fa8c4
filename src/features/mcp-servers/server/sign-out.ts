import { isServerOfOthers, type McpAuthConfig } from '#src/server/config/index.ts';
import { AppError, notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { SignOutOf } from '../schema.ts';
import { type Credential, INSTALLATION, toOAuthServer } from './credential.ts';
import { describeAuthorizationFailure } from './describe-failure.ts';
import { noteSignIn } from './history.ts';
import { revokeTokens } from './revoke-tokens.ts';
import { loadCredential, lockCredential } from './store-credential.ts';
import { REVOCATIONS_AT_ONCE } from './tunables.ts';

const GRANTS: readonly McpAuthConfig['grant'][] = ['authorization_code', 'client_credentials'];

type Leaving = { server: string; actor: string; userId: string | null };

/**
 * Forgets the sign-in of the installation, of the person who asks, or all of a server, then tells the authorization server,
 * once and without insisting. A server that is not configured any more can be signed out of, too. Throws `conflict` when
 * there is nothing to forget, `not_found` for a server of other projects.
 */
export async function signOut(
  kernel: Kernel,
  { of, ...leaving }: Leaving & { of: SignOutOf },
): Promise<{ server: string; revoked: boolean | null }> {
  const { server, actor } = leaving;
  if (isServerOfOthers(kernel.config.current(), server)) throw notFound('MCP server');
  const holders = await holdersOf(kernel, { of, ...leaving });
  const forgotten: Credential[][] = [];
  for (const holder of holders) {
    const credentials = await forget(kernel, holder, leaving);
    if (credentials) forgotten.push(credentials);
  }
  if (forgotten.length === 0) throw nothingToForget(of, server);
  kernel.log.info({ mcpServer: server, actor, of }, 'mcp server disconnected');
  const answers: (boolean | null)[] = [];
  const waiting = forgotten.flat();
  while (waiting.length > 0) {
    const some = waiting.splice(0, REVOCATIONS_AT_ONCE);
    answers.push(...(await Promise.all(some.map((credential) => revoke(kernel, server, credential)))));
  }
  return { server, revoked: answers.includes(false) ? false : (answers.find(Boolean) ?? null) };
}

async function holdersOf(
  kernel: Kernel,
  { of, server, userId }: Leaving & { of: SignOutOf },
): Promise<string[]> {
  if (of === 'installation') return [INSTALLATION.id];
  if (of === 'mine') return userId === null ? [] : [userId];
  const { rows } = await kernel.database.pool.query<{ holder: string }>(
    'select distinct holder from mcp_credential where server = $1',
    [server],
  );
  return rows.map(({ holder }) => holder);
}

/** What is gone now, as far as it could still be read; null when there was nothing. */
async function forget(kernel: Kernel, holder: string, leaving: Leaving): Promise<Credential[] | null> {
  const { server } = leaving;
  return kernel.database.transaction(async (sql) => {
    // After a renewal that is under way, whose tokens are then the ones to revoke.
    await lockCredential(sql, { server, holder });
    const loaded: Credential[] = [];
    for (const grant of GRANTS) {
      const found = await loadCredential(sql, kernel.secrets, { server, grant, holder });
      if (found) loaded.push(found);
    }
    const { rowCount } = await sql.query('delete from mcp_credential where server = $1 and holder = $2', [
      server,
      holder,
    ]);
    if (!rowCount) return null;
    await noteSignIn(sql, { ...leaving, holder, action: 'disconnected' });
    return loaded;
  });
}

const nothingToForget = (of: SignOutOf, server: string): AppError =>
  new AppError(
    'conflict',
    of === 'mine' ? `You are not signed in to "${server}".` : `Nobody is signed in to "${server}".`,
  );

async function revoke(kernel: Kernel, name: string, credential: Credential): Promise<boolean | null> {
  const server = toOAuthServer(name, kernel.config.current().mcpServers[name]?.transport);
  try {
    return await revokeTokens(credential, server);
  } catch (error) {
    const reason = describeAuthorizationFailure(error).text;
    kernel.log.warn({ mcpServer: name, reason }, 'mcp tokens not revoked');
    return false;
  }
}
