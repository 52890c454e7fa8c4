import { listPlaceholders } from '#src/lib/identifier-placeholders.ts';
import { type Replacement, replaceSpans } from '../masking/replace-spans.ts';
import type { IdentifierFinder } from './find-identifiers.ts';
import type { IdentifierSpan } from './scan-text.ts';
import { MAX_SEARCH_ROUNDS } from './tunables.ts';

/**
 * Replaces what the finder finds. Placeholders that are known stay as they are, whatever a pattern says of them; what only
 * looks like one is a text like any other. Masking twice changes nothing more.
 */
export function createIdentifierMask(options: {
  finder: Pick<IdentifierFinder, 'find'>;
  placeholderFor(kind: string, value: string): string;
  isKnown(placeholder: string): boolean;
}): (text: string) => string {
  const { finder, placeholderFor, isKnown } = options;
  return (text) => {
    let masked = text;
    // What is left beside a placeholder may look like a name only now.
    for (let round = 0; round < MAX_SEARCH_ROUNDS; round += 1) {
      const spans = withoutKnown(masked, finder.find(masked), isKnown);
      if (spans.length === 0) break;
      const current = masked;
      masked = replaceSpans(
        current,
        spans.map(({ start, end, kind }): Replacement => {
          return { start, end, text: placeholderFor(kind, current.slice(start, end)) };
        }),
      );
    }
    return masked;
  };
}

/** What of the spans lies outside of known placeholders. */
function withoutKnown(
  text: string,
  spans: readonly IdentifierSpan[],
  isKnown: (placeholder: string) => boolean,
): IdentifierSpan[] {
  if (spans.length === 0) return [];
  const known = placesOf(text, listPlaceholders(text).filter(isKnown));
  if (known.length === 0) return [...spans];
  return spans.flatMap((span) => subtract(text, span, known));
}

function placesOf(text: string, placeholders: readonly string[]): { start: number; end: number }[] {
  let from = 0;
  return placeholders.map((placeholder) => {
    const start = text.indexOf(placeholder, from);
    from = start + placeholder.length;
    return { start, end: from };
  });
}

function subtract(
  text: string,
  span: IdentifierSpan,
  known: readonly { start: number; end: number }[],
): IdentifierSpan[] {
  const pieces: IdentifierSpan[] = [];
  let { start } = span;
  for (const place of known) {
    if (place.end <= start || place.start >= span.end) continue;
    if (place.start > start) pieces.push({ ...span, start, end: place.start });
    start = place.end;
  }
  if (start < span.end) pieces.push({ ...span, start });
  // Blanks between two placeholders name nobody.
  return pieces.filter((piece) => text.slice(piece.start, piece.end).trim() !== '');
}
