import { RE2JS } from 're2js';
import { z } from 'zod';
import { PROJECT_SLUG } from '#src/lib/project-slug.ts';
import { isRunbookName } from '#src/lib/runbook-name.ts';
import { INSTRUCTIONS_MAX_CHARS } from './tunables.ts';

const RUNBOOK_EXPECTED = 'an http or https address, or the path of a Markdown file below runbooks/';

/** A length of time. YAML says `250ms`, `30s`, `40m`, `6h` or `365d`; the parsed value is **milliseconds**. */
export type DurationMs = number;

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of `250ms`, `1.5s`, `40m`, `6h`, `365d`; null when the text is no duration. Zero is one. */
export function parseDuration(text: string): DurationMs | null {
  const match = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h|d)$/.exec(text.trim());
  const unitMs = UNIT_MS[match?.[2] ?? ''];
  if (match === null || unitMs === undefined) return null;
  return Math.round(Number(match[1]) * unitMs);
}

/** As it would be written in a file: "90d", "40m", "1500ms". */
export function writeDuration(durationMs: DurationMs): string {
  const fitting = Object.entries(UNIT_MS).filter(([, unitMs]) => durationMs % unitMs === 0);
  const [unit, unitMs] = fitting.at(-1) ?? ['ms', 1];
  return `${durationMs / unitMs}${unit}`;
}

/** A duration longer than nothing. */
export const duration = z
  .string({ error: () => 'a duration such as 250ms, 30s, 40m, 6h or 365d' })
  .transform((text, context): DurationMs => {
    const parsed = parseDuration(text);
    if (parsed !== null && parsed > 0) return parsed;
    context.addIssue({
      code: 'custom',
      message: 'a duration above zero such as 250ms, 30s, 40m, 6h or 365d',
    });
    return z.NEVER;
  });

/** Interpolated values (`${PORT:-3000}`) arrive as text; text that is plainly a number counts as one. */
function numberFromText(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value.trim()) ? Number(value) : value;
}

/** A whole number within bounds (inclusive). */
export function wholeNumber(min: number, max: number) {
  const message = `a whole number from ${min} to ${max}`;
  return z.preprocess(
    numberFromText,
    z
      .int({ error: () => message })
      .min(min, message)
      .max(max, message),
  );
}

/** A number that is not negative. */
export const amount = z.preprocess(
  numberFromText,
  z.number({ error: () => 'a number of at least 0' }).min(0, 'a number of at least 0'),
);

/** `true` or `false`, also as interpolated text. */
export const flag = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean({ error: () => 'true or false' }),
);

/** Text with something in it. */
export const nonEmptyText = z
  .string({ error: () => 'text' })
  .trim()
  .min(1, 'text that is not empty');

/** A regular expression in RE2 syntax: linear time, no back-references, no look-around. */
export const re2Pattern = nonEmptyText.refine((pattern) => {
  try {
    RE2JS.compile(pattern);
    return true;
  } catch {
    return false;
  }
}, 'a regular expression in RE2 syntax');

/** What an agent is always told: every model call carries it, so it is bounded. */
export const instructionText = z
  .string({ error: () => 'text' })
  .max(
    INSTRUCTIONS_MAX_CHARS,
    `at most ${INSTRUCTIONS_MAX_CHARS} characters (what is not always needed belongs into skills/)`,
  );

/** A value that may be absent: the empty string of `${TOKEN:-}` means "not set". */
export const optionalSecret = z
  .string({ error: () => 'text' })
  .transform((text) => (text === '' ? undefined : text))
  .optional();

/** An http or https address. */
export const httpUrl = z.string({ error: () => 'an http or https address' }).refine((text) => {
  if (!URL.canParse(text)) return false;
  const { protocol } = new URL(text);
  return protocol === 'http:' || protocol === 'https:';
}, 'an http or https address');

/** Where a runbook is: a web address, or the path of a Markdown file below `runbooks/` of the configuration directory. */
export const runbookReference = z
  .string({ error: () => RUNBOOK_EXPECTED })
  .refine((text) => isRunbookName(text) || httpUrl.safeParse(text).success, RUNBOOK_EXPECTED);

/** The name of a server, agent, chain, provider or tool group: also used in tool names (`server__tool`). */
export const entryName = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9-]|_(?!_)|\.){0,62}$/,
    'a name of up to 63 letters, digits, "-", "." and single "_"',
  );

/** Whom an entry is for, by the projects' names; absent: everybody. */
export const projectNames = z
  .array(
    z
      .string({ error: () => 'the name of a project' })
      .regex(PROJECT_SLUG, 'the name of a project, as in its address'),
  )
  .min(1, 'at least one project (leave the key out for all)')
  .optional();
