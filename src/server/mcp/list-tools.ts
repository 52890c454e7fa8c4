import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { z } from 'zod';
import { inertText } from '#src/lib/inert-text.ts';
import { boundSchema } from './bound-schema.ts';
import { maskSafely } from './mask-safely.ts';
import { MAX_DESCRIPTION_CHARS, MAX_LIST_PAGES, MAX_TOOLS_PER_SERVER } from './tunables.ts';
import type { ListedTool, Masker, ToolAnnotations } from './types.ts';

const Page = z.looseObject({ tools: z.array(z.unknown()).default([]), nextCursor: z.string().optional() });

/** More forgiving than the SDK's: one odd tool must not hide the others. */
const WireTool = z.looseObject({
  name: z.string().min(1).max(512),
  description: z.string().optional(),
  inputSchema: z.record(z.string(), z.unknown()).catch({ type: 'object' }),
  annotations: z
    .looseObject({
      title: z.string().optional(),
      readOnlyHint: z.boolean().optional(),
      destructiveHint: z.boolean().optional(),
      idempotentHint: z.boolean().optional(),
      openWorldHint: z.boolean().optional(),
    })
    .optional()
    .catch(undefined),
});

type WireTool = z.infer<typeof WireTool>;

function pickAnnotations(wire: WireTool['annotations'], masker: Masker): ToolAnnotations {
  const { title, readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = wire ?? {};
  return {
    ...(title !== undefined && { title: maskSafely(masker, title) }),
    ...(readOnlyHint !== undefined && { readOnlyHint }),
    ...(destructiveHint !== undefined && { destructiveHint }),
    ...(idempotentHint !== undefined && { idempotentHint }),
    ...(openWorldHint !== undefined && { openWorldHint }),
  };
}

/** A tool as we keep it: texts masked and bounded, hints read by the protocol's defaults. */
function toListedTool(server: string, wire: WireTool, masker: Masker): ListedTool {
  const annotations = pickAnnotations(wire.annotations, masker);
  const readOnly = annotations.readOnlyHint === true;
  return {
    server,
    name: wire.name,
    description: maskSafely(masker, wire.description ?? annotations.title ?? '').slice(
      0,
      MAX_DESCRIPTION_CHARS,
    ),
    inputSchema: boundSchema(wire.inputSchema, masker),
    readOnly,
    destructive: !readOnly && annotations.destructiveHint !== false,
    annotations,
  };
}

/**
 * All tools of a connected server, every page, within the bounds. `dropped` counts what was left out: unreadable
 * entries, repeated names, and what is beyond the bound.
 */
export async function listTools(
  client: Client,
  options: { server: string; masker: Masker; signal: AbortSignal; timeoutMs: number },
): Promise<{ tools: ListedTool[]; dropped: number }> {
  // Descriptions go into prompts beside our own words: they must not look like them.
  const masker: Masker = {
    text: (text) => inertText(options.masker.text(text), { references: 'inert' }),
  };
  const tools = new Map<string, ListedTool>();
  let dropped = 0;
  let cursor: string | undefined;
  if (!client.getServerCapabilities()?.tools) return { tools: [], dropped };
  for (let page = 0; page < MAX_LIST_PAGES; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const answer = await client.request({ method: 'tools/list', params }, Page, {
      signal: options.signal,
      timeout: options.timeoutMs,
    });
    for (const entry of answer.tools) {
      const wire = WireTool.safeParse(entry);
      if (!wire.success || tools.has(wire.data.name) || tools.size >= MAX_TOOLS_PER_SERVER) dropped += 1;
      else tools.set(wire.data.name, toListedTool(options.server, wire.data, masker));
    }
    if (answer.nextCursor === undefined || answer.nextCursor === cursor) break;
    cursor = answer.nextCursor;
  }
  return { tools: [...tools.values()], dropped };
}
