import { z } from 'zod';
import { conditionOf, readSignIns } from '#src/features/mcp-servers/server/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { mcpToolSchema, type SystemOverview } from '../schema.ts';
import { TOOL_DESCRIPTION_MAX_CHARS } from './tunables.ts';

/** The configured servers by name, as they and their tools were when last looked at, as the person `reader` sees them. */
export async function readMcpServers(
  kernel: Kernel,
  reader: string | null,
): Promise<SystemOverview['mcpServers']> {
  const [seen, signIns] = await Promise.all([
    kernel.database.prisma.mcpServerStatus.findMany(),
    readSignIns(kernel, reader),
  ]);
  return Object.keys(kernel.config.current().mcpServers)
    .sort()
    .map((name) => {
      const row = seen.find((status) => status.name === name);
      const signIn = signIns.get(name) ?? null;
      return {
        name,
        ...conditionOf(row ?? { status: 'unknown', error: null, checkedAt: null }, signIn),
        checkedAt: row?.checkedAt.toISOString() ?? null,
        tools: readTools(row?.tools),
        signIn,
      };
    });
}

function readTools(value: unknown): SystemOverview['mcpServers'][number]['tools'] {
  const tools = z.array(mcpToolSchema).catch([]).parse(value);
  return tools.map((tool) => ({
    ...tool,
    description: tool.description.slice(0, TOOL_DESCRIPTION_MAX_CHARS),
  }));
}
