import { z } from 'zod';

/** A tool result, read forgivingly: kinds of content that we do not know are described, not refused. */
export const ToolResultSchema = z.looseObject({
  content: z.array(z.looseObject({ type: z.string() })).default([]),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  isError: z.boolean().optional(),
});

export type ToolResult = z.infer<typeof ToolResultSchema>;

const Text = z.looseObject({ type: z.literal('text'), text: z.string() });
const Media = z.looseObject({ type: z.enum(['image', 'audio']), data: z.string(), mimeType: z.string() });
const Link = z.looseObject({
  type: z.literal('resource_link'),
  uri: z.string(),
  name: z.string().optional(),
  description: z.string().optional(),
});
const Embedded = z.looseObject({
  type: z.literal('resource'),
  resource: z.looseObject({
    uri: z.string(),
    mimeType: z.string().optional(),
    text: z.string().optional(),
    blob: z.string().optional(),
  }),
});

/** "70 bytes", "12 kB", "3.4 MB" of base64 text's content. */
function sizeOfBase64(base64: string): string {
  const bytes =
    Math.floor((base64.length * 3) / 4) - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0);
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function describePart(part: ToolResult['content'][number]): string {
  const text = Text.safeParse(part);
  if (text.success) return text.data.text;
  const media = Media.safeParse(part);
  if (media.success) return `[${media.data.type} ${media.data.mimeType}, ${sizeOfBase64(media.data.data)}]`;
  const link = Link.safeParse(part);
  if (link.success) {
    const { uri, name, description } = link.data;
    return `[resource ${[name, uri].filter(Boolean).join(' ')}${description ? `: ${description}` : ''}]`;
  }
  const embedded = Embedded.safeParse(part);
  if (embedded.success) {
    const { uri, mimeType, text: body, blob } = embedded.data.resource;
    if (body !== undefined) return `[resource ${uri}]\n${body}`;
    return `[resource ${[uri, mimeType].filter(Boolean).join(' ')}, ${sizeOfBase64(blob ?? '')}]`;
  }
  return `[content of type ${part.type.slice(0, 40)}, not shown]`;
}

/** A result as one text: texts as they are, the rest in words; structured content when there is nothing else. */
export function describeContent(result: ToolResult): string {
  const text = result.content.map(describePart).join('\n');
  if (text !== '' || result.structuredContent === undefined) return text || '(the tool returned nothing)';
  return JSON.stringify(result.structuredContent, null, 2);
}
