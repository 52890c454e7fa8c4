import { AppError } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { type Holder, INSTALLATION, isPerUser, type OAuthServer, toOAuthServer } from './credential.ts';

/**
 * The configured server by its name, for one who may hold a sign-in there. Throws `not_found`, and `conflict` when it wants
 * no sign-in, or none of a person's own.
 */
export function findOAuthServer(kernel: Kernel, name: string, holder: Holder): OAuthServer {
  const { mcpServers } = kernel.config.current();
  const config = Object.hasOwn(mcpServers, name) ? mcpServers[name] : undefined;
  if (!config) throw new AppError('not_found', 'MCP server not found');
  const server = toOAuthServer(name, config.transport, holder);
  if (!server) throw new AppError('conflict', `MCP server "${name}" has no auth in its configuration.`);
  if (holder.id !== INSTALLATION.id && !isPerUser(config.transport))
    throw new AppError('conflict', `One sign-in at "${name}" serves everybody; an administrator makes it.`);
  return server;
}
