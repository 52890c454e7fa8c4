import type { Kernel } from '#src/server/kernel.ts';
import type { McpServerItem } from '../schema.ts';
import { conditionOf, readSignIns } from './read-sign-ins.ts';

/** The configured servers by name, with how they were when last looked at, as the person `reader` sees them. */
export async function listMcpServers(kernel: Kernel, reader: string | null): Promise<McpServerItem[]> {
  const [seen, signIns] = await Promise.all([
    kernel.database.prisma.mcpServerStatus.findMany(),
    readSignIns(kernel, reader),
  ]);
  const { mcpServers } = kernel.config.current();
  return Object.entries(mcpServers)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { transport }]) => {
      const row = seen.find((status) => status.name === name);
      const signIn = signIns.get(name) ?? null;
      return {
        name,
        transport: transport.type,
        ...conditionOf(row ?? { status: 'unknown', error: null, checkedAt: null }, signIn),
        checkedAt: row?.checkedAt.toISOString() ?? null,
        tools: Array.isArray(row?.tools) ? row.tools.length : 0,
        signIn,
      };
    });
}
