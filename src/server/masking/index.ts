/** The public surface of masking. */
export { explainPatternProblem } from './compile-custom-pattern.ts';
export {
  createMasker,
  type Masker,
  type MaskerOptions,
  MaskingTimeoutError,
  WITHHELD_TEXT,
} from './create-masker.ts';
export { createStreamMasker, type StreamMasker } from './create-stream-masker.ts';
export { failClosed } from './fail-closed.ts';
export {
  MASKING_GROUP_NAMES,
  MASKING_GROUPS,
  MASKING_PATTERN_NAMES,
  type MaskingGroupName,
  type MaskingPatternName,
} from './pattern-names.ts';
