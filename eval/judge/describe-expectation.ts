import type { CallPattern } from '../scenario/scenario-schema.ts';
import type { TextPattern } from '../scenario/text-pattern.ts';
import { QUOTE_MAX_CHARS } from '../tunables.ts';

/** A text for a failure, shortened. */
export const quote = (text: string): string =>
  text.length <= QUOTE_MAX_CHARS ? text : `${text.slice(0, QUOTE_MAX_CHARS - 1)}…`;

/** `"missing" or "not set"` */
export const describeTexts = (patterns: readonly TextPattern[]): string =>
  quote(patterns.map(({ source }) => (source.startsWith('/') ? source : `"${source}"`)).join(' or '));

/** `pods_log with "checkout" that shows "DATABASE_URL"` */
export const describeCalls = (patterns: readonly CallPattern[]): string =>
  patterns
    .map(({ tool, arguments: args, result }) =>
      [
        tool.source,
        args ? `with ${describeTexts([args])}` : '',
        result ? `that shows ${describeTexts([result])}` : '',
      ]
        .filter(Boolean)
        .join(' '),
    )
    .join(', or ');
