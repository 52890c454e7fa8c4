import { headOf } from '#src/lib/storable-text.ts';

/**
 * Data between markers. A marker inside the data is broken up, so that it cannot end the section early and speak with
 * our voice.
 */
export function delimit(what: string, data: string): string {
  const safe = data.replaceAll('<<<', '‹‹‹').replaceAll('>>>', '›››');
  return `<<<BEGIN DATA: ${what}>>>\n${safe}\n<<<END DATA: ${what}>>>`;
}

/** The head of a text, with a note of how much is missing. */
export function cut(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const head = headOf(text, maxChars);
  return `${head}\n[… ${text.length - head.length} more characters were left out]`;
}
