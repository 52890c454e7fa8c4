import { z } from 'zod';
import { IDENTIFIER_PATTERN_NAMES } from '../identifiers/pattern-names.ts';
import { flag, nonEmptyText } from './value-schemas.ts';

/** The name of a pattern, which appears in the text as `[MASKED_NAME]`. */
export const maskingPatternName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,62}$/, 'a name of letters, digits, "_" and "-" that starts with a letter');

/** A pattern of the user's own, in RE2 syntax (linear time; no back-references, no look-around). */
export const customPatternSchema = z.strictObject({
  name: maskingPatternName,
  pattern: nonEmptyText,
  description: z.string().optional(),
});

/** What is masked in one place. Custom patterns of the section `masking.patterns` are added everywhere. */
export const maskingSelectionSchema = z.strictObject({
  groups: z.array(nonEmptyText).default(['security']),
  patterns: z.array(nonEmptyText).default([]),
  custom: z.array(customPatternSchema).default([]),
});

const identifierPattern = z.enum(IDENTIFIER_PATTERN_NAMES, {
  error: () => `one of ${IDENTIFIER_PATTERN_NAMES.join(', ')}`,
});

/** Names that the model must not see and people may: they become placeholders that people can read back. */
export const identifiersSchema = z.strictObject({
  enabled: flag.default(false),
  patterns: z.array(identifierPattern).default([...IDENTIFIER_PATTERN_NAMES]),
  /** name → regular expression (RE2 syntax). */
  custom: z.record(maskingPatternName, nonEmptyText).default({}),
});

export type IdentifiersConfig = z.infer<typeof identifiersSchema>;
export type CustomPatternConfig = z.infer<typeof customPatternSchema>;
export type MaskingSelection = z.infer<typeof maskingSelectionSchema>;
