import { type CompiledCustomPattern, compileCustomPattern } from './compile-custom-pattern.ts';
import { maskAssignments } from './mask-assignments.ts';
import { maskKubernetesSecrets } from './mask-kubernetes-secrets.ts';
import { maskPemBlocks } from './mask-pem.ts';
import { maskShapes } from './mask-shapes.ts';
import { maskStructure } from './mask-structure.ts';
import {
  isMaskingGroup,
  isMaskingPattern,
  MASKING_GROUPS,
  type MaskingPatternName,
} from './pattern-names.ts';

export interface MaskerOptions {
  /** Names of groups; unknown ones throw. */
  readonly groups?: readonly string[];
  /** Names of single built-in patterns; unknown ones throw. */
  readonly patterns?: readonly string[];
  /** Built-in patterns that are left out although a group or `patterns` names them. */
  readonly except?: readonly MaskingPatternName[];
  /** The user's own patterns, in RE2 syntax. */
  readonly custom?: readonly { readonly name: string; readonly pattern: string }[];
}

export interface Masker {
  /** Masks a text. Never throws: an internal failure withholds the whole text. Masking twice changes nothing more. */
  text(text: string): string;
  /** A masked copy of a JSON value: strings as texts, and values under secret names whatever they look like. */
  json(value: unknown): unknown;
  /** Like `text`, but throws `MaskingTimeoutError` after `budgetMs` and lets internal failures through. */
  strictText(text: string, budgetMs: number): string;
  /** Whether what is masked may need more of this unfinished line than its words so far: a stream then waits for its end. */
  holdsLine?(line: string): boolean;
}

/** Masking did not finish within its time. */
export class MaskingTimeoutError extends Error {
  constructor(budgetMs: number) {
    super(`masking took longer than ${budgetMs} ms`);
    this.name = 'MaskingTimeoutError';
  }
}

/** What stands in place of a text that could not be masked. */
export const WITHHELD_TEXT = '[MASKED_WITHHELD: this text could not be checked for secrets and is not shown]';

/** Builds a masker. Throws an Error on an unknown group or pattern, or a custom pattern that does not compile. */
export function createMasker(options: MaskerOptions): Masker {
  const enabled = resolvePatterns(options);
  const custom = (options.custom ?? []).map(({ name, pattern }) => compileCustomPattern(name, pattern));
  const strictText = (text: string, budgetMs: number): string =>
    text === '' ? text : maskAll(text, enabled, custom, createTimeCheck(budgetMs));
  const safeText = (text: string): string => {
    try {
      return strictText(text, Number.POSITIVE_INFINITY);
    } catch {
      return WITHHELD_TEXT;
    }
  };
  return {
    text: safeText,
    strictText,
    json(value) {
      try {
        return maskStructure(value, { enabled, maskText: safeText });
      } catch {
        return WITHHELD_TEXT;
      }
    },
  };
}

function resolvePatterns({
  groups = [],
  patterns = [],
  except = [],
}: MaskerOptions): ReadonlySet<MaskingPatternName> {
  const enabled = new Set<MaskingPatternName>();
  for (const group of groups) {
    if (!isMaskingGroup(group)) throw new Error(`Unknown masking group "${group}"`);
    for (const name of MASKING_GROUPS[group]) enabled.add(name);
  }
  for (const pattern of patterns) {
    if (!isMaskingPattern(pattern)) throw new Error(`Unknown masking pattern "${pattern}"`);
    enabled.add(pattern);
  }
  for (const pattern of except) enabled.delete(pattern);
  return enabled;
}

function createTimeCheck(budgetMs: number): () => void {
  const deadline = performance.now() + budgetMs;
  return () => {
    if (performance.now() > deadline) throw new MaskingTimeoutError(budgetMs);
  };
}

function maskAll(
  text: string,
  enabled: ReadonlySet<MaskingPatternName>,
  custom: readonly CompiledCustomPattern[],
  checkTime: () => void,
): string {
  let masked = enabled.has('kubernetes_secret') ? maskKubernetesSecrets(text, checkTime) : text;
  checkTime();
  masked = maskPemBlocks(masked, enabled);
  checkTime();
  masked = maskShapes(masked, enabled, checkTime);
  checkTime();
  masked = maskAssignments(masked, enabled, checkTime);
  for (const pattern of custom) {
    checkTime();
    masked = pattern.replaceAll(masked);
  }
  checkTime();
  return masked;
}
