import { showControls } from '#src/lib/show-controls.ts';
import { MAX_ERROR_CHARS } from './tunables.ts';
import type { Masker } from './types.ts';

const WITHHELD = '[withheld: masking failed]';

/**
 * Masks a side text (error, description, log line) and shows what would be obeyed unseen; when masking throws, the text is
 * replaced, never passed on.
 */
export function maskSafely(masker: Masker, text: string): string {
  try {
    return showControls(masker.text(text));
  } catch {
    return WITHHELD;
  }
}

/** A masked error text within its bound. Masked first: a cut could hide the mark by which a secret is known. */
export function maskErrorText(masker: Masker, text: string): string {
  const masked = maskSafely(masker, text);
  return masked.length <= MAX_ERROR_CHARS ? masked : `${masked.slice(0, MAX_ERROR_CHARS)} …`;
}
