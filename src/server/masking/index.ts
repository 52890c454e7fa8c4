/** The public surface of masking. */
export {
  createMasker,
  type Masker,
  type MaskerOptions,
} from './create-masker.ts';
export { createStreamMasker, type StreamMasker } from './create-stream-masker.ts';
export { failClosed } from './fail-closed.ts';
export {
  MASKING_GROUP_NAMES,
  MASKING_PATTERN_NAMES,
  type MaskingGroupName,
  type MaskingPatternName,
} from './pattern-names.ts';
