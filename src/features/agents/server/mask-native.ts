import type { AssistantModelMessage } from 'ai';
import { z } from 'zod';
import type { NativeEvent } from '#src/server/llm/index.ts';
import type { RunMask } from './run-mask.ts';

type Mask = Pick<RunMask, 'text'>;
type Part = Exclude<AssistantModelMessage['content'], string>[number];
type NativePart = Extract<Part, { type: 'tool-call' | 'tool-result' }>;

/** Opaque to everybody but the provider, which refuses them when a letter has changed. */
const OPAQUE = /^(encrypted\w*|\w*[sS]ignature|id|\w+Id|\w+_id|fingerprint)$/;

/**
 * What a provider's own tool left in an answer, as it may be stored and sent back: every text in it masked, ids, signatures
 * and encrypted contents as they are.
 */
export function maskNativePart(part: NativePart, mask: Mask): NativePart {
  if (part.type === 'tool-call') return { ...part, input: maskDeep(part.input, mask) };
  const { output } = part;
  if (output.type !== 'json' && output.type !== 'error-json') return part;
  return { ...part, output: { ...output, value: z.json().parse(maskDeep(output.value, mask)) } };
}

function maskDeep(value: unknown, mask: Mask): unknown {
  if (typeof value === 'string') return mask.text(value);
  if (Array.isArray(value)) return value.map((item) => maskDeep(item, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, OPAQUE.test(key) ? item : maskDeep(item, mask)]),
  );
}

/** What a provider's own tool did, as people may see it. */
export function maskNativeEvent(event: NativeEvent, mask: Mask): NativeEvent {
  const nullable = (text: string | null) => (text === null ? null : mask.text(text));
  switch (event.kind) {
    case 'search': {
      const sources = event.sources.map(({ url, title }) => ({
        url: mask.text(url),
        title: title === undefined ? undefined : mask.text(title),
      }));
      const queries = event.queries.map((query) => mask.text(query));
      return { ...event, queries, sources, error: nullable(event.error) };
    }
    case 'pages': {
      const pages = event.pages.map(({ url, title, error }) => ({
        url: mask.text(url),
        title: nullable(title),
        error: nullable(error),
      }));
      return { ...event, pages };
    }
    case 'code': {
      const { code, output, error } = event;
      return { ...event, code: mask.text(code), output: mask.text(output), error: nullable(error) };
    }
  }
}
