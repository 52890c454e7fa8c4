import { readMcpServers } from '#src/features/system/server/index.ts';
import { chainForAlertType, serversOfChain } from '#src/server/config/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { DefaultTools } from '../schema.ts';

/** What an alert of this type is investigated with unless it says otherwise: the servers of its chain, with their tools, as `reader` can use them. */
export async function readDefaultTools(
  kernel: Kernel,
  options: { alertType: string | undefined; reader: string | null },
): Promise<DefaultTools> {
  const config = kernel.config.current();
  const { name, chain } = chainForAlertType(config, options.alertType);
  const usedServers = new Map(serversOfChain(config, chain).map((server) => [server.name, server]));
  const servers = await readMcpServers(kernel, options.reader);
  return {
    chain: name,
    servers: servers.map((server) => {
      const used = usedServers.get(server.name);
      return {
        name: server.name,
        status: server.status,
        needsMySignIn: server.signIn?.perUser?.mine?.state === 'needs_sign_in',
        used: used !== undefined,
        only: used?.tools ?? null,
        tools: server.tools,
      };
    }),
  };
}
