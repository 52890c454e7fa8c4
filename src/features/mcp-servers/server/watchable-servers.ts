import type { Config } from '#src/server/config/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { INSTALLATION, isPerUser } from './credential.ts';

/**
 * The servers that can be looked at without anybody's rights. One where only people have signed in is left alone: to look
 * with a sign-in that is a person's would be to use it for what they have not started.
 */
export async function watchableServers(
  kernel: Kernel,
  { mcpServers }: Pick<Config, 'mcpServers'>,
): Promise<Config['mcpServers']> {
  const perUser = Object.keys(mcpServers).filter((name) => isPerUser(mcpServers[name]?.transport));
  if (perUser.length === 0) return mcpServers;
  const { rows } = await kernel.database.pool.query<{ server: string }>(
    'select server from mcp_credential where server = any($1) and holder = $2',
    [perUser, INSTALLATION.id],
  );
  const open = new Set(rows.map(({ server }) => server));
  return Object.fromEntries(
    Object.entries(mcpServers).filter(([name]) => !perUser.includes(name) || open.has(name)),
  );
}
