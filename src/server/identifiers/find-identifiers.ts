import { RE2JS } from 're2js';
import { findIpv4, findIpv6 } from './find-addresses.ts';
import { findAwsAccounts, findEmails, findHosts } from './find-names.ts';
import { IDENTIFIER_KINDS, type IdentifierPatternName, kindOfCustom } from './pattern-names.ts';
import type { IdentifierSpan } from './scan-text.ts';

/** What is looked for. `custom`: name → expression in RE2 syntax. */
export type IdentifierPatterns = {
  readonly patterns: readonly IdentifierPatternName[];
  readonly custom: Readonly<Record<string, string>>;
};

/** Finds identifiers in a text, in ascending order, without overlaps. */
export type IdentifierFinder = {
  find(text: string): IdentifierSpan[];
  /** Beginnings of the placeholders. */
  readonly kinds: readonly string[];
  /** See `Masker`. */
  holdsLine(line: string): boolean;
};

type Finder = (text: string, kind: string) => IdentifierSpan[];

const BUILT_IN: Record<IdentifierPatternName, Finder> = {
  ipv4: findIpv4,
  ipv6: findIpv6,
  hostname: findHosts,
  email: findEmails,
  aws_account: findAwsAccounts,
};

/** Compiles the patterns. Throws on a custom one that does not compile; the configuration has been checked for that. */
export function compileFinder({ patterns, custom }: IdentifierPatterns): IdentifierFinder {
  const own = Object.entries(custom).map(([name, source]) => ({
    kind: kindOfCustom(name),
    expression: RE2JS.compile(source),
  }));
  const needsLines = !Object.values(custom).every((source) => ONE_WORD.test(source));
  const needsAccounts = patterns.includes('aws_account');
  return {
    kinds: [...new Set([...patterns.map((name) => IDENTIFIER_KINDS[name]), ...own.map(({ kind }) => kind)])],
    holdsLine: (line) => needsLines || (needsAccounts && /account/i.test(line)),
    find(text) {
      const spans = [
        ...own.flatMap(({ expression, kind }) => matchAll(expression, text, kind)),
        ...patterns.flatMap((name) => BUILT_IN[name](text, IDENTIFIER_KINDS[name])),
      ];
      return mergeSpans(spans);
    },
  };
}

/** Expressions that can match no blank; of any other that has to be feared. */
const ONE_WORD = /^(?:[A-Za-z0-9_@#:/=,(){}|?*+-]|\\[dwb.\-/]|\[[A-Za-z0-9_.@:-]+\])*$/;

function matchAll(expression: RE2JS, text: string, kind: string): IdentifierSpan[] {
  const spans: IdentifierSpan[] = [];
  if (!expression.test(text)) return spans;
  const matcher = expression.matcher(text);
  while (matcher.find()) {
    if (matcher.end() > matcher.start()) spans.push({ start: matcher.start(), end: matcher.end(), kind });
  }
  return spans;
}

/**
 * Spans that overlap become one, so that no part of either stays readable. It has the kind of the longest of them; of equals
 * the first's, which is the user's own.
 */
export function mergeSpans(spans: readonly IdentifierSpan[]): IdentifierSpan[] {
  const merged: (IdentifierSpan & { longest: number })[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const length = span.end - span.start;
    const last = merged.at(-1);
    if (!last || span.start >= last.end) {
      merged.push({ ...span, longest: length });
      continue;
    }
    last.end = Math.max(last.end, span.end);
    if (length > last.longest) Object.assign(last, { kind: span.kind, longest: length });
  }
  return merged.map(({ start, end, kind }) => ({ start, end, kind }));
}
