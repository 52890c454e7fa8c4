import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { isJSONRPCRequest, type JSONRPCRequest } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { listTools } from './list-tools.ts';
import { MAX_DESCRIPTION_CHARS, MAX_LIST_PAGES, MAX_TOOLS_PER_SERVER } from './tunables.ts';

/** Lists from the other end of a real transport whose answers no SDK checks. */
async function listFrom(
  answer: (request: JSONRPCRequest) => Record<string, unknown>,
  capabilities: Record<string, unknown> = { tools: {} },
) {
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  let listings = 0;
  serverSide.onmessage = (message) => {
    if (!isJSONRPCRequest(message)) return;
    if (message.method !== 'initialize') listings += 1;
    const serverInfo = { name: 'odd', version: '1' };
    const result =
      message.method === 'initialize'
        ? { protocolVersion: '2025-06-18', capabilities, serverInfo }
        : answer(message);
    void serverSide.send({ jsonrpc: '2.0', id: message.id, result });
  };
  await serverSide.start();
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(clientSide);
  const signal = new AbortController().signal;
  const masker = { text: (text: string) => text.replaceAll('hunter2', '[gone]') };
  const listed = await listTools(client, { server: 'odd', masker, signal, timeoutMs: 5_000 });
  await client.close();
  return { ...listed, listings };
}

describe('listTools', () => {
  it('keeps the good tools of a list with odd ones', async () => {
    const good = { name: 'good', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } };
    const { tools, dropped } = await listFrom(() => ({
      tools: [
        good,
        { name: 7 },
        'no tool',
        { ...good, description: 'a second of this name' },
        { name: 'no-schema', description: 'has hunter2' },
        { name: 'odd-hints', inputSchema: 'none', annotations: { readOnlyHint: 'yes' } },
      ],
    }));
    expect(dropped).toBe(3);
    expect(tools.map(({ name, readOnly, destructive }) => [name, readOnly, destructive])).toEqual([
      ['good', true, false],
      ['no-schema', false, true],
      ['odd-hints', false, true],
    ]);
    expect(tools[1]).toMatchObject({ description: 'has [gone]', inputSchema: { type: 'object' } });
  });

  it('ends with a server that has always one more page', async () => {
    let page = 0;
    const { tools, listings } = await listFrom(() => {
      page += 1;
      return { tools: [{ name: `tool-${page}` }], nextCursor: String(page) };
    });
    expect(listings).toBe(MAX_LIST_PAGES);
    expect(tools).toHaveLength(MAX_LIST_PAGES);
  });

  it('bounds the number of tools and their descriptions', async () => {
    const names = Array.from({ length: MAX_TOOLS_PER_SERVER + 9 }, (_, index) => `tool-${index}`);
    const description = 'x'.repeat(MAX_DESCRIPTION_CHARS * 2);
    const { tools, dropped } = await listFrom(() => ({
      tools: names.map((name) => ({ name, description })),
    }));
    expect(tools).toHaveLength(MAX_TOOLS_PER_SERVER);
    expect(dropped).toBe(9);
    expect(tools[0]?.description).toHaveLength(MAX_DESCRIPTION_CHARS);
  });

  it('asks nothing of a server without tools', async () => {
    expect(await listFrom(() => ({}), {})).toEqual({ tools: [], dropped: 0, listings: 0 });
  });
});
