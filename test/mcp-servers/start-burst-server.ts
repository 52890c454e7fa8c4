import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const requestSchema = z.looseObject({
  id: z.number().optional(),
  method: z.string(),
  params: z
    .looseObject({ protocolVersion: z.string().optional(), _meta: z.looseObject({}).optional() })
    .default({}),
});

type Message = Record<string, unknown>;
const TOOL = { name: 'burst', description: 'Says all at once.', inputSchema: { type: 'object' } };

/**
 * An MCP server over legacy SSE that says all at once: the progress of a call, a log message and its answer are one write, as
 * with any server they may be one packet. Speaks the protocol by hand, since the SDK's server writes them one by one.
 */
export async function startBurstServer(): Promise<{ url: string; close(): Promise<void> }> {
  let stream: ServerResponse | undefined;
  const say = (...messages: Message[]) =>
    stream?.write(
      messages.map((each) => `data: ${JSON.stringify({ jsonrpc: '2.0', ...each })}\n\n`).join(''),
    );
  const server = createServer(async (req, res) => {
    if (req.method === 'GET') {
      stream = res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write('event: endpoint\ndata: /messages\n\n');
      return;
    }
    const request = requestSchema.parse(JSON.parse(await text(req)));
    res.writeHead(202).end();
    say(...answer(request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer({ id, method, params }: z.infer<typeof requestSchema>): Message[] {
  switch (method) {
    case 'initialize': {
      const { protocolVersion } = params;
      const serverInfo = { name: 'burst', version: '1' };
      return [{ id, result: { protocolVersion, capabilities: { tools: {}, logging: {} }, serverInfo } }];
    }
    case 'tools/list':
      return [{ id, result: { tools: [TOOL] } }];
    case 'tools/call': {
      const { progressToken } = params._meta ?? {};
      const progress = (n: number) => ({
        method: 'notifications/progress',
        params: { progressToken, progress: n, total: 2, message: `shard ${n}` },
      });
      const log = { method: 'notifications/message', params: { level: 'info', data: 'half of it' } };
      return [progress(1), log, progress(2), { id, result: { content: [{ type: 'text', text: 'done' }] } }];
    }
    default:
      return id === undefined ? [] : [{ id, result: {} }];
  }
}
