import { RE2JS } from 're2js';
import { MAX_CUSTOM_PATTERN_LENGTH } from './tunables.ts';

/** A user's pattern, ready to use. `placeholder` is what replaces a match. */
export interface CompiledCustomPattern {
  readonly name: string;
  readonly placeholder: string;
  /** Replaces every match in a text. Linear in the text's length, whatever the pattern. */
  replaceAll(text: string): string;
}

/** `acme-id` → `[MASKED_ACME_ID]` */
export function placeholderFor(name: string): string {
  return `[MASKED_${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}]`;
}

/**
 * Compiles a pattern in RE2 syntax. RE2 has no backtracking, so no pattern can be catastrophic; in exchange it has no
 * back-references and no look-around. Throws an Error with a readable message on a pattern that is not valid, is too
 * long, or matches the empty text.
 */
export function compileCustomPattern(name: string, source: string): CompiledCustomPattern {
  if (source.length > MAX_CUSTOM_PATTERN_LENGTH) {
    throw new Error(`longer than ${MAX_CUSTOM_PATTERN_LENGTH} characters`);
  }
  const expression = RE2JS.compile(source);
  if (expression.test('')) throw new Error('it matches the empty text');
  const placeholder = placeholderFor(name);
  return {
    name,
    placeholder,
    replaceAll(text) {
      if (!expression.test(text)) return text;
      const matcher = expression.matcher(text);
      let result = '';
      let position = 0;
      while (matcher.find()) {
        if (matcher.end() === matcher.start()) continue;
        result += text.slice(position, matcher.start()) + placeholder;
        position = matcher.end();
      }
      return result + text.slice(position);
    },
  };
}

/** Why a custom pattern cannot be used, or null when it can. */
export function explainPatternProblem(source: string): string | null {
  try {
    compileCustomPattern('probe', source);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'not a valid pattern';
  }
}
