import type { Command } from 'commander';
import {
  type McpServerItem,
  mcpServerListSchema,
  signedOutSchema,
} from '#src/features/mcp-servers/schema.ts';
import { addConnectionOptions, type ConnectionOptions, connect } from '../connect.ts';
import { createOutput, formatTable } from '../output.ts';

/** `mcp list` and `mcp logout`, over the REST API. */
export function addMcpCommands(program: Command): void {
  const mcp = program.command('mcp').description('MCP servers');
  const list = mcp.command('list').description('the configured servers, how they are, and their sign-ins');
  addConnectionOptions(list).action(async (options: ConnectionOptions) => {
    const api = await connect(options);
    const found = await api.get('/mcp-servers', mcpServerListSchema);
    const rows = found.items.map((server) => [
      server.name,
      server.status,
      describeSignIn(server),
      server.error ?? '',
    ]);
    createOutput({ json: options.json ?? false }).result(
      found,
      rows.length === 0 ? ['No MCP servers are configured.'] : formatTable(rows),
    );
  });
  const logout = mcp
    .command('logout <name>')
    .description('forget the sign-in to a server, and revoke it where that is offered (admin)');
  addConnectionOptions(logout).action(async (name: string, options: ConnectionOptions) => {
    const api = await connect(options);
    const result = await api.post(`/mcp-servers/${encodeURIComponent(name)}/sign-out`, {}, signedOutSchema);
    createOutput({ json: options.json ?? false }).result(result, [
      `Signed out of ${name}.`,
      ...(result.revoked === false ? ['Its authorization server could not be told.'] : []),
    ]);
  });
}

function describeSignIn({ signIn }: McpServerItem): string {
  switch (signIn?.state) {
    case undefined:
      return 'no sign-in';
    case 'automatic':
      return 'signs in by itself';
    case 'needs_sign_in':
      return 'not signed in';
    case 'signed_in':
      return `signed in by ${signIn?.connectedBy ?? 'somebody'}`;
  }
}
