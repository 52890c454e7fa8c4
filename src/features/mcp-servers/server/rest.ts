import { actorName } from '#src/server/auth/principal.ts';
import { defineOperation, type Operation } from '#src/server/rest/define-operation.ts';
import { mcpServerListSchema, mcpServerNameSchema, signedOutSchema } from '../schema.ts';
import { listMcpServers } from './list-mcp-servers.ts';
import { signOut } from './sign-out.ts';

const tag = 'mcp servers';

const list = defineOperation({
  method: 'get',
  path: '/mcp-servers',
  summary: 'List the configured MCP servers: how they are, and how TARS is signed in to them',
  tag,
  access: 'viewer',
  responses: { 200: { description: 'All servers, by name', schema: mcpServerListSchema } },
  handle: async ({ kernel }) => ({
    status: 200,
    body: { items: await listMcpServers(kernel), nextCursor: null },
  }),
});

const disconnect = defineOperation({
  method: 'post',
  path: '/mcp-servers/{server}/sign-out',
  summary: 'Forget the credential of a server, and revoke it where the authorization server offers that',
  tag,
  access: 'admin',
  params: mcpServerNameSchema,
  responses: {
    200: { description: 'Signed out', schema: signedOutSchema },
    409: { description: 'Nobody is signed in to it.' },
  },
  handle: async ({ kernel, principal }, { params }) => ({
    status: 200,
    body: await signOut(kernel, {
      server: params.server,
      actor: actorName(principal),
      userId: principal.kind === 'user' ? principal.userId : null,
    }),
  }),
});

export const mcpServerOperations: Operation[] = [list, disconnect];
