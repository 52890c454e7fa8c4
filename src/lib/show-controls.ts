/**
 * Characters that a reader cannot see but that change what is read: control characters (a terminal obeys them), direction
 * overrides (text reads in another order than it is written), zero-width and tag characters and runs of variation selectors
 * (text inside text). One selector after a sign that is not ASCII says how that looks, and stays; so does that of a keycap.
 */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e00ff}]|(?<=[ -"$-)+-/:-~\n\t]|\p{Variation_Selector})\p{Variation_Selector}|\r(?!\n|$)|(?<=[\u0000-\u007f])[\u200c\u200d]/gu;

/**
 * Text in which such characters are shown instead of obeyed: `␛[31m`, `[U+202E]`. Line breaks and tabs stay, and so do the
 * joiners within words and emoji of scripts that need them. A text may come in pieces: what a piece ends or begins with is
 * given the benefit of the doubt. Showing twice changes nothing more.
 */
export const showControls = (text: string): string => text.replace(HIDDEN, showCharacter);

function showCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  // Unicode has pictures of the 32 old control characters and of DEL.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
}
