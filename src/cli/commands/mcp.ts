import type { Command } from 'commander';
import {
  type McpServerItem,
  mcpServerListSchema,
  signedOutSchema,
} from '#src/features/mcp-servers/schema.ts';
import { addConnectionOptions, type ConnectionOptions, connect } from '../connect.ts';
import { createOutput, formatTable } from '../output.ts';

type LogoutOptions = ConnectionOptions & { everybody?: boolean };

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
    .description('forget the sign-in to a server, and revoke it where that is offered (admin)')
    .option('--everybody', 'those of all people as well, at a server where they sign in for themselves');
  addConnectionOptions(logout).action(async (name: string, options: LogoutOptions) => {
    const api = await connect(options);
    const of = options.everybody ? 'everybody' : 'installation';
    const result = await api.post(
      `/mcp-servers/${encodeURIComponent(name)}/sign-out`,
      { of },
      signedOutSchema,
    );
    createOutput({ json: options.json ?? false }).result(result, [
      `Signed out of ${name}.`,
      ...(result.revoked === false ? ['Its authorization server could not be told.'] : []),
    ]);
  });
}

function describeSignIn({ signIn }: McpServerItem): string {
  const people = signIn?.perUser?.people;
  const words = describeShared(signIn);
  return people === undefined ? words : `per user (${people} signed in); otherwise ${words}`;
}

function describeShared(signIn: McpServerItem['signIn']): string {
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
