import { inertText } from '#src/lib/inert-text.ts';
import { headOf } from '#src/lib/storable-text.ts';

/**
 * Data between markers. Nothing inside can end the section early and speak with our voice: markers, role tags and control
 * tokens in the data are broken up, and references to tool results, too, unless the data was written by our own agents
 * (`references: 'kept'`), whose findings later stages pass on with their evidence.
 */
export function delimit(
  what: string,
  data: string,
  options: { references: 'kept' | 'inert' } = { references: 'inert' },
): string {
  const label = inertText(what, options).replace(/\s+/g, ' ');
  return `<<<BEGIN DATA: ${label}>>>\n${inertText(data, options)}\n<<<END DATA: ${label}>>>`;
}

/** The head of a text, with a note of how much is missing. */
export function cut(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const head = headOf(text, maxChars);
  return `${head}\n[… ${text.length - head.length} more characters were left out]`;
}
