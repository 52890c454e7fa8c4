import type { ModelMessage, ToolModelMessage, ToolResultPart } from 'ai';
import { z } from 'zod';
import type { LlmProviderConfig } from '#src/server/config/schema.ts';
import { MAX_IMAGE_BYTES_PER_REQUEST, MAX_IMAGES_PER_REQUEST } from './tunables.ts';

/** An image in a stored conversation: its row's id and size. The bytes come in when a request is made, and stay nowhere. */
const referenceSchema = z.object({ image: z.uuid(), mediaType: z.string(), bytes: z.number().int() });
export type ImageReference = z.infer<typeof referenceSchema>;

/** How images of tool results go to a provider. */
type Carrier = 'tool_result' | 'user_message' | 'none';

/**
 * Chat completions know text alone in a tool's message, and a picture of one only in a user's; every other wire has a
 * place for it in the result itself. Compatible servers mostly run models that cannot see: they are sent images when the
 * configuration says so.
 */
function carrierOf({ type, images }: Pick<LlmProviderConfig, 'type' | 'images'>): Carrier {
  switch (type) {
    case 'offline':
      return 'none';
    case 'openai-compatible':
      return images === true ? 'user_message' : 'none';
    case 'openai':
    case 'anthropic':
    case 'google':
    case 'vertex':
    case 'xai':
      return images === false ? 'none' : 'tool_result';
  }
}

type Provider = Parameters<typeof carrierOf>[0];
export const takesImages = (provider: Provider): boolean => carrierOf(provider) !== 'none';

type Output = ToolResultPart['output'];
type ContentPiece = Extract<Output, { type: 'content' }>['value'][number];

/** The part of a tool result that stands for an image. Our own namespace in its options is the one that is never masked. */
export function imagePart(reference: ImageReference): ContentPiece {
  return {
    type: 'file',
    mediaType: reference.mediaType,
    data: { type: 'reference', reference: { tars: 'tool_image' } },
    providerOptions: { tars: reference },
  };
}

function readReference(piece: ContentPiece): ImageReference | null {
  if (piece.type !== 'file') return null;
  return referenceSchema.safeParse(piece.providerOptions?.tars).data ?? null;
}

const textOf = (output: Output): string =>
  output.type === 'content'
    ? output.value.map((piece) => (piece.type === 'text' ? piece.text : '')).join('')
    : '';

const referencesOf = (output: Output): ImageReference[] =>
  output.type === 'content' ? output.value.flatMap((piece) => readReference(piece) ?? []) : [];

function referencesIn(messages: readonly ModelMessage[]): ImageReference[] {
  return messages.flatMap((message) =>
    message.role === 'tool'
      ? message.content.flatMap((part) => (part.type === 'tool-result' ? referencesOf(part.output) : []))
      : [],
  );
}

export const hasImages = (message: ModelMessage): boolean => referencesIn([message]).length > 0;

/** Which images a request of this conversation carries: the newest ones, within the bounds; in order. */
export function sentImages(provider: Provider, messages: readonly ModelMessage[]): ImageReference[] {
  if (!takesImages(provider)) return [];
  const sent: ImageReference[] = [];
  let bytes = 0;
  for (const reference of referencesIn(messages).reverse()) {
    bytes += reference.bytes;
    if (sent.length >= MAX_IMAGES_PER_REQUEST || bytes > MAX_IMAGE_BYTES_PER_REQUEST) break;
    sent.unshift(reference);
  }
  return sent;
}

function mapResults(
  message: ToolModelMessage,
  change: (part: ToolResultPart) => ToolResultPart,
): ToolModelMessage {
  return {
    ...message,
    content: message.content.map((part) => (part.type === 'tool-result' ? change(part) : part)),
  };
}

/** A note before the last line, which names the call. */
function withNote(text: string, note: string): string {
  const at = text.lastIndexOf('\n\n[tool: ');
  return at < 0 ? `${text}\n${note}` : `${text.slice(0, at)}\n${note}${text.slice(at)}`;
}

const asText = (output: Output, note: string): Output => ({
  type: 'text',
  value: withNote(textOf(output), note),
});

/** The results in words alone; `note` says where the images are. */
export function withoutImages(message: ToolModelMessage, note: string): ToolModelMessage {
  return mapResults(message, (part) =>
    referencesOf(part.output).length > 0 ? { ...part, output: asText(part.output, note) } : part,
  );
}

/** Where a model sees no images. */
export const NOT_SENT = '[You are not sent the images of this result.]';
const NOT_AGAIN =
  '[Images of this result are not sent again: newer ones take their place, or they were removed.]';

/**
 * The conversation as this provider is sent it, with `contents` (bytes by id) in the place of references. What has no place
 * or no bytes is words.
 */
export function placeImages(
  provider: Provider,
  messages: readonly ModelMessage[],
  contents: ReadonlyMap<string, Buffer>,
): ModelMessage[] {
  const carrier = carrierOf(provider);
  return messages.flatMap((message) =>
    message.role === 'tool' && hasImages(message) ? placeInMessage(carrier, message, contents) : [message],
  );
}

function placeInMessage(
  carrier: Carrier,
  message: ToolModelMessage,
  contents: ReadonlyMap<string, Buffer>,
): ModelMessage[] {
  switch (carrier) {
    case 'none':
      return [withoutImages(message, NOT_SENT)];
    case 'tool_result':
      return [mapResults(message, (part) => placeInResult(part, contents))];
    case 'user_message': {
      const pictures = message.content.flatMap((part) =>
        part.type === 'tool-result' ? picturesOf(part, contents) : [],
      );
      const words = mapResults(message, (part) => {
        const references = referencesOf(part.output);
        if (references.length === 0) return part;
        const follow = references.some(({ image }) => contents.has(image));
        const note = follow ? '[Its images follow in the next message.]' : NOT_AGAIN;
        return { ...part, output: asText(part.output, note) };
      });
      return pictures.length > 0 ? [words, { role: 'user', content: pictures }] : [words];
    }
  }
}

function placeInResult(part: ToolResultPart, contents: ReadonlyMap<string, Buffer>): ToolResultPart {
  const references = referencesOf(part.output);
  if (references.length === 0) return part;
  const files = references.flatMap(({ image, mediaType }): ContentPiece[] => {
    const data = contents.get(image);
    return data ? [{ type: 'file', mediaType, data: { type: 'data', data } }] : [];
  });
  if (files.length === 0) return { ...part, output: asText(part.output, NOT_AGAIN) };
  const text = textOf(part.output);
  const whole = files.length < references.length ? withNote(text, NOT_AGAIN) : text;
  return { ...part, output: { type: 'content', value: [{ type: 'text', text: whole }, ...files] } };
}

type UserPart = Exclude<Extract<ModelMessage, { role: 'user' }>['content'], string>[number];

/** The images of one result for a user's message, with a line that says whose they are. */
function picturesOf(part: ToolResultPart, contents: ReadonlyMap<string, Buffer>): UserPart[] {
  const files = referencesOf(part.output).flatMap(({ image, mediaType }): UserPart[] => {
    const data = contents.get(image);
    return data ? [{ type: 'file', mediaType, data }] : [];
  });
  if (files.length === 0) return [];
  return [
    { type: 'text', text: `The images of the result of ${part.toolName} [tool: ${part.toolCallId}]:` },
    ...files,
  ];
}
