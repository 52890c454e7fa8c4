import { headOf } from '#src/lib/storable-text.ts';

const CUT = ' …';

/** At most `maxChars`, marked as cut, no character halved. */
export const cutText = (text: string, maxChars: number): string =>
  text.length <= maxChars
    ? text
    : `${headOf(text, Math.max(0, maxChars - CUT.length)).trimEnd()}${CUT}`.slice(0, Math.max(0, maxChars));

/**
 * The longest head of a text whose rendered form has at most `maxChars` characters. It is cut before it is rendered: a cut
 * can then neither halve an escape nor leave code or a fence open for what follows.
 */
export function fitRendered(text: string, maxChars: number, render: (text: string) => string): string {
  const whole = render(text);
  if (whole.length <= maxChars) return whole;
  let fits = '';
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const rendered = render(cutText(text, middle));
    if (rendered.length <= maxChars) {
      fits = rendered;
      low = middle;
    } else high = middle - 1;
  }
  return fits;
}
