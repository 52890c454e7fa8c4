import { RE2JS } from 're2js';
import { z } from 'zod';
import { normalise } from '../judge/normalise.ts';
import { PATTERN_MAX_CHARS } from '../tunables.ts';

/** What a text is searched for: a plain text, or `/…/` as a regular expression in RE2 syntax. Case does not matter. */
export type TextPattern = {
  /** As written in the scenario. */
  source: string;
  /** Whether a text that has been normalised contains it. */
  matches(normalised: string): boolean;
};

/** Throws an Error that says what is wrong with the expression. RE2 has no backtracking: no pattern is catastrophic. */
export function compilePattern(source: string): TextPattern {
  const expression = /^\/(.+)\/$/s.exec(source)?.[1];
  if (expression === undefined) {
    const wanted = normalise(source);
    if (wanted === '') throw new Error('it is empty');
    return { source, matches: (text) => text.includes(wanted) };
  }
  const compiled = RE2JS.compile(expression, RE2JS.CASE_INSENSITIVE);
  if (compiled.test('')) throw new Error('it matches the empty text');
  return { source, matches: (text) => compiled.test(text) };
}

export const textPattern = z
  .string()
  .max(PATTERN_MAX_CHARS)
  .transform((source, context): TextPattern => {
    try {
      return compilePattern(source);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unreadable';
      context.addIssue({ code: 'custom', message: `a text, or /an RE2 expression/ (this one: ${reason})` });
      return z.NEVER;
    }
  });
