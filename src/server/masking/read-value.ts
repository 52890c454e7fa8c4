/** A secret's place in a text: `[start, end)` is replaced. */
export interface ValueSpan {
  readonly start: number;
  readonly end: number;
}

const QUOTE = /(\\{0,7})(["'])/y;
const BLOCK_SCALAR = /[|>][-+0-9]{0,2}[ \t]*(?:#[^\n]*)?\r?(?=\n)/y;
const BARE_VALUE = /[^\s"'`&;\\]+/y;
const TRAILING_PUNCTUATION = /[,)}\].:]+$/;

/** What an unquoted value may be without being a secret: references, templates, types, words of a sentence. */
const HARMLESS_VALUE =
  /^(?:\[MASKED_.*|\[redacted.*|\*+|<.*|\$\(.*|\$\{.*|\{.*|\[.*|&.*|\*\w.*|~|null|nil|none|undefined|true|false|yes|no|on|off|string|str|int|integer|number|boolean|bool|object|array|bytes|optional|required|secret|valuefrom.*|secretkeyref.*)$/i;

const PROSE_WORD =
  /^(?:a|an|the|is|was|are|were|has|have|had|not|must|may|can|cannot|could|should|will|would|of|for|from|to|in|on|at|by|with|without|and|or|if|it|this|that|illegal|invalid|unexpected|expired|missing|incorrect|wrong|failed|failure|authentication|authorization|unauthorized|forbidden|unknown|empty|unset|set|error|rejected|malformed|unable|denied|does|did|do|contains|using|use|used|failed:|flag|option|argument|mismatch|mismatched|found|provided|authenticated|rotated|changed|updated|created|deleted|refreshed|revoked|accepted|ok|secret|secrets|configmap|key|keys|changeme\?)$/i;

function isHarmless(value: string): boolean {
  return value === '' || HARMLESS_VALUE.test(value);
}

/** Number of characters of a quoted text from its opening quote's end to the matching closing quote, or to line end. */
function findClosingQuote(text: string, from: number, quote: string, backslashes: number): number {
  const period = 2 * (backslashes + 1);
  for (let at = from; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 10) return at;
    if (text.charAt(at) !== quote) continue;
    let preceding = 0;
    while (at - 1 - preceding >= from && text.charAt(at - 1 - preceding) === '\\') preceding++;
    if (quote === "'" && backslashes === 0 && text.charAt(at + 1) === "'") {
      at++;
      continue;
    }
    if (preceding >= backslashes && (preceding - backslashes) % period === 0) return at - backslashes;
  }
  return text.length;
}

/** End of the lines below `lineEnd` that are indented deeper than `indent`. */
function findBlockEnd(text: string, lineEnd: number, indent: number): number {
  let end = lineEnd;
  while (end < text.length) {
    const next = text.indexOf('\n', end + 1);
    const line = text.slice(end + 1, next === -1 ? text.length : next);
    const depth = line.length - line.trimStart().length;
    if (line.trim() !== '' && depth <= indent) break;
    end = next === -1 ? text.length : next;
  }
  while (end > lineEnd && /\s/.test(text.charAt(end - 1))) end--;
  return end;
}

function lineStartOf(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

export interface ReadValueOptions {
  /** The name stands first on its line, as in YAML. */
  readonly atLineStart: boolean;
  /** The name was quoted, as in JSON: an unquoted word after it is prose, unless it is a number. */
  readonly nameQuoted: boolean;
  /** Text such as `token: expired` may be a sentence; `token=expired` is not. */
  readonly mayBeProse: boolean;
  /** A plain value may have blanks in it and runs to the end of its line. */
  readonly toLineEnd: boolean;
}

/**
 * Where the value that starts at `at` lies (after the separator and blanks), or null when it is no secret: empty, a
 * reference, a template, a type name, a placeholder, or a word of a sentence. Never crosses a line except for YAML
 * block scalars.
 */
export function readValue(text: string, at: number, options: ReadValueOptions): ValueSpan | null {
  QUOTE.lastIndex = at;
  const quoted = QUOTE.exec(text);
  if (quoted !== null) {
    const start = at + quoted[0].length;
    const end = findClosingQuote(text, start, quoted[2] ?? '"', (quoted[1] ?? '').length);
    const value = text.slice(start, end);
    return isHarmless(value.trim()) || /^\d+ bytes$/.test(value) ? null : { start, end };
  }
  BLOCK_SCALAR.lastIndex = at;
  const block = BLOCK_SCALAR.exec(text);
  if (block !== null) return readBlock(text, at + block[0].length, lineStartOf(text, at));
  return readBare(text, at, options);
}

function readBlock(text: string, headerEnd: number, lineStart: number): ValueSpan | null {
  const line = text.slice(lineStart, headerEnd);
  const indent = line.length - line.trimStart().length;
  const end = findBlockEnd(text, headerEnd, indent);
  const body = text.slice(headerEnd, end);
  const start = headerEnd + (body.length - body.trimStart().length);
  return start >= end || text.startsWith('[MASKED_', start) ? null : { start, end };
}

function readBare(text: string, at: number, options: ReadValueOptions): ValueSpan | null {
  BARE_VALUE.lastIndex = at;
  const match = BARE_VALUE.exec(text);
  if (match === null) return null;
  const value = match[0].startsWith('[') ? match[0] : match[0].replace(TRAILING_PUNCTUATION, '');
  if (isHarmless(value) || value.startsWith('=')) return null;
  if (options.nameQuoted && !options.atLineStart && !/^\d/.test(value)) return null;
  if (options.mayBeProse && PROSE_WORD.test(value)) return null;
  if (/^\d+$/.test(value) && /^ bytes\b/.test(text.slice(at + value.length, at + value.length + 7)))
    return null;
  const end = options.toLineEnd ? findPlainEnd(text, at + value.length) : at + value.length;
  return { start: at, end };
}

/** A plain YAML scalar ends at a comment, at a wide gap (a table, a description) or with its line. */
function findPlainEnd(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  const rest = text.slice(from, newline === -1 ? text.length : newline);
  const stop = /[ \t]+#|[ \t]{2,}|\t|[ \t]*\r?$/.exec(rest);
  return from + (stop?.index ?? rest.length);
}
