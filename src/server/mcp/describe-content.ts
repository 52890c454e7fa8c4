import { z } from 'zod';
import type { ImageAudience } from '#src/server/config/schema.ts';
import { createImageKeeper, describeSize, type ImageKeeper, sizeOfBase64 } from './keep-images.ts';
import type { ResultImage } from './types.ts';

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

const IMAGE_TYPE = /^image\//i;

function describePart(part: ToolResult['content'][number], images: ImageKeeper): string {
  const text = Text.safeParse(part);
  if (text.success) return text.data.text;
  const media = Media.safeParse(part);
  if (media.success) {
    const { type, mimeType, data } = media.data;
    if (type === 'image') return images.keep({ data, mimeType });
    return `[${type} ${mimeType}, ${describeSize(sizeOfBase64(data))}]`;
  }
  const link = Link.safeParse(part);
  if (link.success) {
    const { uri, name, description } = link.data;
    return `[resource ${[name, uri].filter(Boolean).join(' ')}${description ? `: ${description}` : ''}]`;
  }
  const embedded = Embedded.safeParse(part);
  if (embedded.success) {
    const { uri, mimeType, text: body, blob } = embedded.data.resource;
    if (body !== undefined) return `[resource ${uri}]\n${body}`;
    if (blob !== undefined && mimeType !== undefined && IMAGE_TYPE.test(mimeType))
      return `[resource ${uri}]\n${images.keep({ data: blob, mimeType })}`;
    return `[resource ${[uri, mimeType].filter(Boolean).join(' ')}, ${describeSize(sizeOfBase64(blob ?? ''))}]`;
  }
  return `[content of type ${part.type.slice(0, 40)}, not shown]`;
}

/**
 * A result as one text, with the images that `audience` is to see: texts as they are, the rest in words; structured content
 * when there is nothing else. An error is told to models in words alone: most wires know no error with a picture.
 */
export function readContent(
  result: ToolResult,
  audience: ImageAudience,
): { text: string; images: readonly ResultImage[] } {
  const images = createImageKeeper(result.isError && audience === 'models' ? 'people' : audience);
  const text = result.content.map((part) => describePart(part, images)).join('\n');
  const { kept } = images;
  if (text !== '' || result.structuredContent === undefined)
    return { text: text || '(the tool returned nothing)', images: kept };
  return { text: JSON.stringify(result.structuredContent, null, 2), images: kept };
}
