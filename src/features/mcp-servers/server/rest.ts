import { actorName, personOf } from '#src/server/auth/principal.ts';
import { defineOperation, type Operation } from '#src/server/rest/define-operation.ts';
import { mcpServerListSchema, mcpServerNameSchema, signedOutSchema, signOutSchema } from '../schema.ts';
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
  handle: async ({ kernel, principal }) => ({
    status: 200,
    body: { items: await listMcpServers(kernel, personOf(principal)), nextCursor: null },
  }),
});

const disconnect = defineOperation({
  method: 'post',
  path: '/mcp-servers/{server}/sign-out',
  summary: 'Forget the credential of a server, and revoke it where the authorization server offers that',
  tag,
  access: 'admin',
  params: mcpServerNameSchema,
  body: signOutSchema,
  responses: {
    200: { description: 'Signed out', schema: signedOutSchema },
    409: { description: 'Nobody is signed in to it.' },
  },
  handle: async ({ kernel, principal }, { params, body }) => ({
    status: 200,
    body: await signOut(kernel, {
      server: params.server,
      of: body.of,
      actor: actorName(principal),
      userId: personOf(principal),
    }),
  }),
});

export const mcpServerOperations: Operation[] = [list, disconnect];
