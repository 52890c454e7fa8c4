import { AppError } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { type OAuthServer, toOAuthServer } from './credential.ts';

/** The configured server by its name. Throws `not_found`, and `conflict` when it wants no sign-in. */
export function findOAuthServer(kernel: Kernel, name: string): OAuthServer {
  const { mcpServers } = kernel.config.current();
  const config = Object.hasOwn(mcpServers, name) ? mcpServers[name] : undefined;
  if (!config) throw new AppError('not_found', 'MCP server not found');
  const server = toOAuthServer(name, config.transport);
  if (!server) throw new AppError('conflict', `MCP server "${name}" has no auth in its configuration.`);
  return server;
}
