import { listPlaceholders } from '#src/lib/identifier-placeholders.ts';
import type { Config } from '../config/schema.ts';
import { replaceSpans } from '../masking/replace-spans.ts';
import { finderOf } from './finder-of.ts';
import { wordsOfKind } from './name-kinds.ts';

/**
 * For texts that outlive their session (memories): names and placeholders become words for what they are, since elsewhere a
 * placeholder means nothing and a name must not be. The same text when no identifiers are masked.
 */
export function generaliseIdentifiers(config: Config, text: string): string {
  const finder = finderOf(config);
  if (!finder) return text;
  const kinds = new Set(finder.kinds);
  let general = text;
  for (const placeholder of listPlaceholders(text)) {
    const kind = placeholder.slice(1, placeholder.lastIndexOf('_'));
    if (kinds.has(kind)) general = general.replace(placeholder, wordsOfKind(kind));
  }
  return replaceSpans(
    general,
    finder.find(general).map(({ start, end, kind }) => ({ start, end, text: wordsOfKind(kind) })),
  );
}
