import { classifyKey, findNameStart, SECRET_KEYWORD } from './classify-key.ts';
import { placeholderFor } from './compile-custom-pattern.ts';
import type { MaskingPatternName } from './pattern-names.ts';
import { type ReadValueOptions, readValue, type ValueSpan } from './read-value.ts';
import { type Replacement, replaceSpans } from './replace-spans.ts';

const SUFFIX_DIGITS = /\d{0,3}/y;
const SEPARATOR = /(\\{0,7}["'])?\]?[ \t]{0,16}(=>|:=|[:=])[ \t]{0,256}/y;
const FLAG_SEPARATOR =
  /(?:[ \t]{1,8}(?=[^\s-])|\\{0,7}["'][ \t]{0,8},\s{0,200}(?=\\{0,7}["'])|["']?\r?\n[ \t]{0,200}-[ \t]{1,8}(?!-))/y;
const ENV_ENTRY =
  /\bname\\{0,7}["']?[ \t]{0,8}:[ \t]{0,8}\\{0,7}["']?([A-Za-z0-9_.-]{1,128})\\{0,7}["']?[ \t]{0,8},?\s{0,200}\\{0,7}["']?value\\{0,7}["']?[ \t]{0,8}:[ \t]{0,64}/g;
const SCHEME = /(?:Bearer|Basic|Digest|Token|ApiKey|Negotiate)[ \t]{1,8}/iy;
const REGISTRY_AUTH =
  /(\\{0,7}"auth\\{0,7}"[ \t]{0,8}:[ \t]{0,8}\\{0,7}")([A-Za-z0-9+/]{8,}={0,2})(?=\\{0,7}")/g;
const BEARER = /\bBearer[ \t]{1,8}([A-Za-z0-9._~+/=-]{8,})/gi;

/** Masks `password: x`, `TOKEN=x`, `--api-key x`, `"secret": "x"`, name/value pairs of environments, and headers. */
export function maskAssignments(
  text: string,
  enabled: ReadonlySet<MaskingPatternName>,
  checkTime: () => void,
): string {
  const found: Replacement[] = [];
  SECRET_KEYWORD.lastIndex = 0;
  for (let match = SECRET_KEYWORD.exec(text); match !== null; match = SECRET_KEYWORD.exec(text)) {
    if ((found.length & 1023) === 0) checkTime();
    const replacement = readAssignment(text, match.index, match.index + match[0].length, enabled);
    if (replacement === null) continue;
    found.push(replacement);
    SECRET_KEYWORD.lastIndex = Math.max(replacement.end, SECRET_KEYWORD.lastIndex);
  }
  let masked = replaceSpans(text, found);
  masked = maskEnvironmentEntries(masked, enabled);
  return enabled.has('token') ? maskCredentials(masked) : masked;
}

function readAssignment(
  text: string,
  keywordStart: number,
  keywordEnd: number,
  enabled: ReadonlySet<MaskingPatternName>,
): Replacement | null {
  SUFFIX_DIGITS.lastIndex = keywordEnd;
  const nameEnd = keywordEnd + (SUFFIX_DIGITS.exec(text)?.[0].length ?? 0);
  const nameStart = findNameStart(text, keywordStart);
  const name = text.slice(nameStart, nameEnd);
  const isFlag = name.startsWith('-');
  SEPARATOR.lastIndex = nameEnd;
  const separator = SEPARATOR.exec(text);
  FLAG_SEPARATOR.lastIndex = nameEnd;
  const flagSeparator = separator === null && isFlag ? FLAG_SEPARATOR.exec(text) : null;
  const matched = separator ?? flagSeparator;
  if (matched === null) return null;
  const pattern = classifyKey(name);
  if (pattern === null || !isEnabled(pattern, enabled)) return null;
  const valueStart = nameEnd + matched[0].length;
  const operator = separator?.[2] ?? ' ';
  if (operator === ':' && isPathOrImage(text, nameStart, separator?.[0] ?? '')) return null;
  const atLineStart = !isFlag && isFirstOnLine(text, nameStart);
  const span = readSecret(text, name, valueStart, {
    atLineStart,
    toLineEnd: atLineStart && operator === ':',
    nameQuoted: separator?.[1] !== undefined,
    mayBeProse: operator === ':' || isFlag,
  });
  // `desc = token: context deadline exceeded` is a sentence; an unquoted token within a line has digits.
  const isSentence = operator === ':' && !atLineStart && pattern === 'token' && span?.start === valueStart;
  if (span !== null && isSentence && /^[a-z]{1,19}$/.test(text.slice(span.start, span.end))) return null;
  if (span === null || isReferenceValue(name, pattern, text.slice(span.start, span.end))) return null;
  return { ...span, text: placeholderFor(pattern) };
}

/** `registry/auth-token:1.2` and `secret/db-password:` name things; the colon assigns nothing. */
function isPathOrImage(text: string, nameStart: number, separator: string): boolean {
  const before = text.charAt(nameStart - 1);
  if (before === '/') return true;
  return (
    separator === ':' &&
    /[ \t"']/.test(before) &&
    /(?:image|Image|pulling|Pulling|pulled)\S{0,2}[ \t"':]{1,4}$/.test(
      text.slice(Math.max(0, nameStart - 24), nameStart),
    )
  );
}

/** A PEM key or an `aws_secret_key` group member may be wanted under either of its names. */
function isEnabled(pattern: MaskingPatternName, enabled: ReadonlySet<MaskingPatternName>): boolean {
  if (enabled.has(pattern)) return true;
  return pattern === 'aws_secret_key' && enabled.has('secret_key');
}

function isFirstOnLine(text: string, nameStart: number): boolean {
  let at = nameStart - 1;
  while (at >= 0 && /[ \t"'-]/.test(text.charAt(at))) at--;
  return at < 0 || text.charAt(at) === '\n';
}

function readSecret(text: string, name: string, at: number, options: ReadValueOptions): ValueSpan | null {
  if (/authorization$/i.test(name)) {
    QUOTED_SCHEME.lastIndex = at;
    const opening = QUOTED_SCHEME.exec(text)?.[0].length ?? 0;
    SCHEME.lastIndex = at + opening;
    const scheme = SCHEME.exec(text);
    if (scheme !== null) return readCredential(text, SCHEME.lastIndex);
    const span = readValue(text, at, { ...options, toLineEnd: false });
    return span !== null && span.end - span.start >= 16 ? span : null;
  }
  if (/cookie$/i.test(name))
    return readValue(text, at, { ...options, atLineStart: true, mayBeProse: true, toLineEnd: true });
  if (/^pwd$/i.test(name) && text.charAt(at) === '/') return null;
  return readValue(text, at, options);
}

const QUOTED_SCHEME = /\\{0,7}["']/y;
const CREDENTIAL = /[A-Za-z0-9._~+/=:,-]{4,}/y;

function readCredential(text: string, at: number): ValueSpan | null {
  CREDENTIAL.lastIndex = at;
  const match = CREDENTIAL.exec(text);
  return match === null ? null : { start: at, end: at + match[0].length };
}

/** In manifests `secretKey: dsn` and `tokenSecret: my-secret` name a key or an object; a real secret is no such word. */
function isReferenceValue(name: string, pattern: MaskingPatternName, value: string): boolean {
  if (pattern === 'secret_key' && /^[a-z]/.test(name) && /[a-z](?:Secret|Key)$/.test(name)) {
    return name === 'secretKey' && /^[a-z]+(?:[._-][a-z]+)*$/.test(value) && value.length <= 40;
  }
  return pattern === 'token' && (/^v?\d+(?:\.\d+)+$/.test(value) || /^sha256:/.test(value));
}

function maskEnvironmentEntries(text: string, enabled: ReadonlySet<MaskingPatternName>): string {
  const found: Replacement[] = [];
  for (const match of text.matchAll(ENV_ENTRY)) {
    const pattern = classifyKey(match[1] ?? '');
    if (pattern === null || !isEnabled(pattern, enabled)) continue;
    const at = match.index + match[0].length;
    const valueName = text.lastIndexOf('value', at);
    const toLineEnd = isFirstOnLine(text, valueName);
    const span = readValue(text, at, { atLineStart: true, nameQuoted: false, mayBeProse: false, toLineEnd });
    if (span !== null) found.push({ ...span, text: placeholderFor(pattern) });
  }
  return replaceSpans(text, found);
}

/** `Bearer …` anywhere, and the `auth` of a registry in a Docker configuration. */
function maskCredentials(text: string): string {
  const placeholder = placeholderFor('token');
  return text
    .replace(BEARER, (whole, credential: string) =>
      /^[a-z]+$/.test(credential)
        ? whole
        : `${whole.slice(0, whole.length - credential.length)}${placeholder}`,
    )
    .replace(REGISTRY_AUTH, (_whole, before: string) => `${before}${placeholder}`);
}
