import type { Masker } from './create-masker.ts';
import { TOOL_RESULT_BUDGET_MS } from './tunables.ts';

/**
 * Masks a tool's result, or withholds the whole of it when masking fails or exceeds its time. The explanation is
 * written for the model that reads it.
 */
export function failClosed(masker: Masker, text: string, budgetMs: number = TOOL_RESULT_BUDGET_MS): string {
  try {
    return masker.strictText(text, budgetMs);
  } catch (error) {
    const reason =
      error instanceof Error && error.name === 'MaskingTimeoutError' ? error.message : 'masking failed';
    return `[MASKED_WITHHELD: the result (${text.length} characters) is not shown because it could not be checked for secrets: ${reason}. Ask for a smaller part of it.]`;
  }
}
