/**
 * Whether a message names the fingerprint as a word of its own, in its text or an attachment, whatever the case and spacing.
 * `content` is the message as its platform has it.
 */
export function mentionsFingerprint(content: unknown, fingerprint: string): boolean {
  const wanted = normalise(fingerprint);
  if (wanted === '') return false;
  const said = normalise(textsOf(content).join('\n'));
  for (let at = said.indexOf(wanted); at >= 0; at = said.indexOf(wanted, at + 1)) {
    if (!isWordCharacter(said, at - 1) && !isWordCharacter(said, at + wanted.length)) return true;
  }
  return false;
}

/** Slack escapes three characters and wraps what it takes for links; people and tools differ in case and spaces. */
const normalise = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();

const isWordCharacter = (text: string, at: number): boolean => /[\p{L}\p{N}_]/u.test(text.charAt(at));

/** Keys under which messages, attachments and blocks carry text; others hold ids, colours and addresses. */
const TEXT_KEYS = new Set([
  'message',
  'text',
  'fallback',
  'title',
  'pretext',
  'value',
  'footer',
  'title_link',
]);

function textsOf(value: unknown, key = '', depth = 0): string[] {
  if (typeof value === 'string') return TEXT_KEYS.has(key) ? [value] : [];
  if (value === null || typeof value !== 'object' || depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => textsOf(item, key, depth + 1));
  return Object.entries(value).flatMap(([name, inner]) => textsOf(inner, name, depth + 1));
}

/** The platforms' own nesting ends at about five levels. */
const MAX_DEPTH = 10;
