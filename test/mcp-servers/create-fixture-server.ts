import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListResourcesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  type ServerNotification,
  type ServerRequest,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { drawPng, HOSTILE_SVG } from './draw-png.ts';
import { FIXTURE_TOOLS } from './fixture-tools.ts';

/** What the fixture's `secret` tool returns: a Kubernetes Secret and a password, for masking tests. */
export const FIXTURE_SECRET_TEXT = [
  'apiVersion: v1',
  'kind: Secret',
  'metadata:',
  '  name: shop-db',
  'type: Opaque',
  'data:',
  '  dsn: cG9zdGdyZXM6Ly9zaG9wOmh1bnRlcjJAZGIvc2hvcA==',
  '---',
  'note: connect with password=hunter2-fixture-password',
].join('\n');

/** A red 1×1 PNG. */
const PIXEL_PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';

const Arguments = z.object({
  text: z.string().default(''),
  a: z.number().default(0),
  b: z.number().default(0),
  ms: z.number().int().min(0).max(600_000).default(0),
  lines: z.number().int().min(0).max(100_000).default(0),
  bytes: z.number().int().min(0).max(128_000_000).default(0),
  path: z.string().default(''),
  delayMs: z.number().int().min(0).max(600_000).default(0),
  message: z.string().default('the tool failed on purpose'),
  kind: z.enum(['shape', 'garbage']).default('shape'),
  pictures: z.enum(['pixel', 'chart', 'embedded', 'svg', 'large', 'huge', 'failing']).default('pixel'),
  count: z.number().int().min(1).max(100).default(1),
});

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

export interface FixtureServerOptions {
  /** Called by the `crash` tool; must end the connection (a process exits, an HTTP server cuts the socket). */
  onCrash: (extra: Extra) => void;
  /** Called by `malformed {kind: garbage}` before the proper answer; only stdio can write such a thing. */
  writeGarbage?: () => void;
  /** Called when a tool starts to execute. */
  onCall?: (tool: string, args: Record<string, unknown>) => void;
  /** Called when the client cancelled a running call. */
  onCancelled?: (tool: string) => void;
  /** Tools per page of `tools/list`; 0 (default) sends one page. */
  pageSize?: number;
  /** The tools that it lists at this time; all of the fixture's by default. */
  listed?: () => Tool[];
  /** What its instructions, its tools' descriptions and those of their arguments say besides. */
  says?: string;
}

function text(value: string): CallToolResult {
  return { content: [{ type: 'text', text: value }] };
}

async function runSlowly(ms: number, extra: Extra): Promise<CallToolResult> {
  const steps = 10;
  const token = extra._meta?.progressToken;
  for (let step = 1; step <= steps; step += 1) {
    await delay(ms / steps, undefined, { signal: extra.signal });
    if (token !== undefined) {
      await extra.sendNotification({
        method: 'notifications/progress',
        params: { progressToken: token, progress: step, total: steps, message: `step ${step} of ${steps}` },
      });
    }
  }
  return text(`slept ${ms} ms`);
}

/** Says `lines` lines, every other one as a log message, waits `ms`, and answers. */
async function runTalking(lines: number, ms: number, extra: Extra): Promise<CallToolResult> {
  const token = extra._meta?.progressToken;
  for (let line = 1; line <= lines; line += 1) {
    if (line % 2 === 1 && token !== undefined) {
      await extra.sendNotification({
        method: 'notifications/progress',
        params: { progressToken: token, progress: line, total: lines, message: `scanned shard ${line}` },
      });
    } else {
      await extra.sendNotification({
        method: 'notifications/message',
        params: { level: 'info', data: `shard ${line} has password=hunter2-live-${line} in it` },
      });
    }
  }
  await delay(ms, undefined, { signal: extra.signal });
  return text(`scanned ${lines} shards`);
}

/** Pictures as a dashboard returns them, and such as none should. Whatever they are, they are called PNG. */
function drawPictures(
  kind: 'chart' | 'embedded' | 'svg' | 'large' | 'huge' | 'failing',
  count: number,
): CallToolResult {
  const bytesOf = (n: number): Buffer => {
    const chart = drawPng(640, 240, n);
    if (kind === 'svg') return Buffer.from(HOSTILE_SVG);
    if (kind === 'large') return Buffer.concat([chart, Buffer.alloc(2_000_000)]);
    // Says that it is as wide as a bomb; its content does not matter then.
    if (kind === 'huge') chart.writeUInt32BE(60_000, 16);
    return chart;
  };
  const content = Array.from({ length: count }, (_, n): CallToolResult['content'][number] => {
    const data = bytesOf(n + 1).toString('base64');
    return kind === 'embedded'
      ? { type: 'resource', resource: { uri: `fixture://panel/${n + 1}`, mimeType: 'image/png', blob: data } }
      : { type: 'image', data, mimeType: 'image/png' };
  });
  return { content: [{ type: 'text', text: 'here you are' }, ...content], isError: kind === 'failing' };
}

/** `bytes` of numbered lines, so that a reader can tell head, middle and tail apart. */
function bigText(bytes: number): string {
  const lines: string[] = [];
  let length = 0;
  for (let line = 1; length < bytes; line += 1) {
    const entry = `line ${line} ${'x'.repeat(80)}\n`;
    lines.push(entry);
    length += entry.length;
  }
  return lines.join('').slice(0, bytes);
}

/** Answers past the SDK's own result check, with a result of the wrong shape, and never resolves itself. */
async function answerMalformed(server: Server, extra: Extra): Promise<CallToolResult> {
  await server.transport?.send(
    { jsonrpc: '2.0', id: extra.requestId, result: { content: 'this should have been a list' } },
    { relatedRequestId: extra.requestId },
  );
  return new Promise<CallToolResult>(() => {});
}

/** A tool whose texts, argument descriptions too, say what the test wants them to. */
function describeTool(tool: Tool, says: string | undefined): Tool {
  if (says === undefined) return tool;
  const properties = Object.fromEntries(
    Object.entries(tool.inputSchema.properties ?? {}).map(([name, property]) => [
      name,
      { ...property, description: says },
    ]),
  );
  return {
    ...tool,
    description: `${tool.description} ${says}`,
    inputSchema: { ...tool.inputSchema, properties },
  };
}

/** A real MCP server (not connected yet) with the tools of `fixture-tools.ts` and two resources. */
export function createFixtureServer(options: FixtureServerOptions): Server {
  const server = new Server(
    { name: 'tars-fixture', version: '1.0.0' },
    {
      capabilities: { tools: {}, resources: {}, logging: {} },
      instructions: options.says ?? 'A server for tests.',
    },
  );

  server.setRequestHandler(ListToolsRequestSchema, (request) => {
    const tools = options.listed?.() ?? FIXTURE_TOOLS;
    const size = options.pageSize || tools.length;
    const start = Number(request.params?.cursor ?? 0);
    const end = start + size;
    return {
      tools: tools.slice(start, end).map((tool) => describeTool(tool, options.says)),
      ...(end < tools.length ? { nextCursor: String(end) } : {}),
    };
  });

  server.setRequestHandler(CallToolRequestSchema, async (request, extra) => {
    const { name } = request.params;
    options.onCall?.(name, request.params.arguments ?? {});
    extra.signal.addEventListener('abort', () => options.onCancelled?.(name), { once: true });
    const args = Arguments.parse(request.params.arguments ?? {});
    switch (name) {
      case 'echo':
        return text(args.text);
      case 'add':
        return text(String(args.a + args.b));
      case 'slow':
        return runSlowly(args.ms, extra);
      case 'talk':
        return runTalking(args.lines, args.ms, extra);
      case 'big':
        return text(bigText(args.bytes));
      case 'fail':
        return { ...text(args.message), isError: true };
      case 'crash':
        options.onCrash(extra);
        return new Promise<CallToolResult>(() => {});
      case 'secret':
        return text(FIXTURE_SECRET_TEXT);
      case 'write':
        appendFileSync(args.path, `${args.text}\n`);
        await delay(args.delayMs, undefined, { signal: extra.signal });
        return text(`appended to ${args.path}`);
      case 'image':
        if (args.pictures !== 'pixel') return drawPictures(args.pictures, args.count);
        return {
          content: [
            { type: 'text', text: 'one pixel' },
            { type: 'image', data: PIXEL_PNG, mimeType: 'image/png' },
            {
              type: 'resource',
              resource: { uri: 'fixture://notes', mimeType: 'text/plain', text: 'notes inside' },
            },
          ],
        };
      case 'malformed':
        if (args.kind === 'garbage' && options.writeGarbage) {
          options.writeGarbage();
          return text('after the garbage');
        }
        return answerMalformed(server, extra);
      default:
        return { ...text(`unknown tool ${name}`), isError: true };
    }
  });

  server.setRequestHandler(ListResourcesRequestSchema, () => ({
    resources: [{ uri: 'fixture://notes', name: 'notes', mimeType: 'text/plain' }],
  }));
  server.setRequestHandler(ReadResourceRequestSchema, (request) => ({
    contents: [{ uri: request.params.uri, mimeType: 'text/plain', text: 'password=hunter2-resource' }],
  }));
  return server;
}
