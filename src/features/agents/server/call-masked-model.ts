import type { ModelMessage } from 'ai';
import type { SessionIdentifiers } from '#src/server/identifiers/index.ts';
import { callModel, type LlmChunk, type LlmResult, placeImages, sentImages } from '#src/server/llm/index.ts';
import type { RunContext } from './run-context.ts';
import { loadImages } from './tool-images.ts';

/**
 * The one door to a model for everything that belongs to a session. What comes here has been masked where it came from; that
 * it has been is made sure of once more, and what its placeholders stand for is durable before anything leaves. Throws what
 * the database throws: then nothing has left. Images come in last: there is nothing in them that a mask could find.
 */
export async function* callMaskedModel(
  { kernel, masker, recorder }: Pick<RunContext, 'kernel' | 'masker' | 'recorder'>,
  options: Parameters<typeof callModel>[0],
): AsyncGenerator<LlmChunk, LlmResult> {
  const { identifiers } = masker;
  const masked = {
    ...options,
    ...(options.system === undefined ? {} : { system: identifiers.mask(options.system) }),
    messages: maskMessages(identifiers, options.messages),
    tools: options.tools.map((tool) => ({ ...tool, description: identifiers.mask(tool.description) })),
  };
  const saved = await identifiers.save(kernel.database.pool);
  saved();
  const images = await loadImages(kernel.database.pool, {
    sessionId: recorder.sessionId,
    images: sentImages(options.provider, options.messages),
  });
  return yield* callModel({ ...masked, messages: placeImages(options.provider, masked.messages, images) });
}

/** Messages are looked at once, however often they are sent. They belong to one session. */
const looked = new WeakMap<ModelMessage, ModelMessage>();

export function maskMessages(
  { mask, isActive }: Pick<SessionIdentifiers, 'mask' | 'isActive'>,
  messages: readonly ModelMessage[],
): ModelMessage[] {
  if (!isActive) return [...messages];
  return messages.map((message) => {
    const masked = looked.get(message) ?? maskMessage(mask, message);
    looked.set(message, masked);
    return masked;
  });
}

/** What providers add of their own holds no text, and a signature is of no use when a letter of it changes. */
const UNTOUCHED: readonly string[] = ['providerOptions', 'providerMetadata'];

function maskMessage(mask: (text: string) => string, message: ModelMessage): ModelMessage {
  const maskValue = (value: unknown): unknown => {
    if (typeof value === 'string') return mask(value);
    if (Array.isArray(value)) return value.map(maskValue);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        mask(key),
        UNTOUCHED.includes(key) ? item : maskValue(item),
      ]),
    );
  };
  return JSON.parse(JSON.stringify(maskValue(message)));
}
