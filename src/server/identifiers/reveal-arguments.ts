import { mapStrings, revealText } from '#src/lib/identifier-placeholders.ts';
import { NAMED_UNKNOWN_MAX } from './tunables.ts';

export type RevealedArguments = {
  arguments: Record<string, unknown>;
  /** Placeholders that stand for nothing. */
  unknown: string[];
};

/**
 * The arguments of a call as the tool is to get them. Of a known placeholder models sometimes lose the brackets: its code
 * cannot be met by chance, so that is forgiven. Whatever else has brackets and one of the kinds is unknown.
 */
export function revealArguments(
  value: Record<string, unknown>,
  options: { kinds: readonly string[]; nameOf(placeholder: string): string | undefined },
): RevealedArguments {
  const { kinds, nameOf } = options;
  if (kinds.length === 0) return { arguments: value, unknown: [] };
  const names = kinds.join('|');
  const bracketed = new RegExp(`\\[(?:${names})_[A-Za-z0-9]{1,32}\\]`, 'g');
  const bare = new RegExp(`(?<![A-Za-z0-9_])(?:${names})_[0-9a-z]{8}(?![A-Za-z0-9_])`, 'g');
  const unknown = new Set<string>();
  const change = (text: string): string => {
    for (const [found] of text.matchAll(bracketed)) if (nameOf(found) === undefined) unknown.add(found);
    return revealText(text, nameOf).replace(bare, (found) => nameOf(`[${found}]`) ?? found);
  };
  const entries = Object.entries(value).map(([key, item]) => [change(key), mapStrings(item, change)]);
  return { arguments: Object.fromEntries(entries), unknown: [...unknown] };
}

/** In words for the model. */
export function explainUnknown(unknown: readonly string[]): string {
  const named = unknown.slice(0, NAMED_UNKNOWN_MAX).join(', ');
  const more = unknown.length > NAMED_UNKNOWN_MAX ? ' …' : '';
  return (
    `Not run: ${named}${more} stands for nothing here. Placeholders stand for names that are hidden from you; they cannot be ` +
    'made up or counted on. Copy one exactly as it appears in the alert or in a result, or look for it with a tool.'
  );
}
