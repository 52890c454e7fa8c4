export type Token = { text: string; kind: 'plain' | 'key' | 'string' | 'literal' };

/** Longer texts are shown plain: each token is an element of the page. */
const MAX_CHARS = 50_000;
const YAML_LINE = /^\s*(- )*[\w./-]+:(\s|$)/;

/** Whether a text is JSON, or mostly lines of YAML; prose with a colon in it is neither. */
export function isStructured(text: string): boolean {
  if (text.length > MAX_CHARS) return false;
  if (/^\s*[[{]/.test(text)) return isJson(text);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length >= 2 && lines.filter((line) => YAML_LINE.test(line)).length > lines.length / 2;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * A quoted name, or any other quoted text; a YAML key at the beginning of its line; a number or a word of its own. What looks behind
 * is bounded and comes after a look at the character itself, so that no text takes long.
 */
const TOKENS =
  /(?<name>"(?:[^"\\\n]|\\.)*"(?=\s*:))|"(?:[^"\\\n]|\\.)*"|(?=[\w./-])(?<=^[ \t]{0,99}(?:- +){0,9})(?<key>[\w./-]+)(?=:(?:\s|$))|(?=[tfn~\d-])(?<=[,[]\s{0,99}|:\s{1,99}|":|^\s{0,99}- {1,99})(?<literal>true|false|null|~|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=[\s,\]}]|$)/gm;

/** JSON or YAML in pieces to be coloured; together they are the text. */
export function tokenizeData(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  for (const match of text.matchAll(TOKENS)) {
    if (match.index > position) tokens.push({ text: text.slice(position, match.index), kind: 'plain' });
    tokens.push({ text: match[0], kind: kindOf(match.groups) });
    position = match.index + match[0].length;
  }
  if (position < text.length) tokens.push({ text: text.slice(position), kind: 'plain' });
  return tokens;
}

function kindOf(groups: Record<string, string | undefined> | undefined): Token['kind'] {
  if (groups?.key !== undefined || groups?.name !== undefined) return 'key';
  return groups?.literal === undefined ? 'string' : 'literal';
}
