import { isServerOfOthers, type McpAuthConfig } from '#src/server/config/index.ts';
import { AppError, notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { type Credential, toOAuthServer } from './credential.ts';
import { describeAuthorizationFailure } from './describe-failure.ts';
import { noteSignIn } from './history.ts';
import { revokeTokens } from './revoke-tokens.ts';
import { loadCredential, lockCredential } from './store-credential.ts';

const GRANTS: readonly McpAuthConfig['grant'][] = ['authorization_code', 'client_credentials'];

/**
 * Forgets the credential of a server, then tells the authorization server, once and without insisting. A server that is
 * not configured any more can be signed out of, too. Throws `conflict` when there is
 * nothing to forget, `not_found` for a server of other projects.
 */
export async function signOut(
  kernel: Kernel,
  { server, actor, userId }: { server: string; actor: string; userId: string | null },
): Promise<{ server: string; revoked: boolean | null }> {
  if (isServerOfOthers(kernel.config.current(), server)) throw notFound('MCP server');
  const credentials = await kernel.database.transaction(async (sql) => {
    // After a renewal that is under way, whose tokens are then the ones to revoke.
    await lockCredential(sql, server);
    const loaded: Credential[] = [];
    for (const grant of GRANTS) {
      const found = await loadCredential(sql, kernel.secrets, { server, auth: { grant } });
      if (found) loaded.push(found);
    }
    const { rowCount } = await sql.query('delete from mcp_credential where server = $1', [server]);
    if (!rowCount) throw new AppError('conflict', `Nobody is signed in to "${server}".`);
    await noteSignIn(sql, { server, action: 'disconnected', actor, userId });
    return loaded;
  });
  kernel.log.info({ mcpServer: server, actor }, 'mcp server disconnected');
  const answers: (boolean | null)[] = [];
  for (const credential of credentials) answers.push(await revoke(kernel, server, credential));
  return { server, revoked: answers.includes(false) ? false : (answers.find(Boolean) ?? null) };
}

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
