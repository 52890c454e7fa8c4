import { placeholderFor } from './compile-custom-pattern.ts';
import type { MaskingPatternName } from './pattern-names.ts';
import { type Replacement, replaceSpans } from './replace-spans.ts';

const BEGIN = /-----BEGIN ([A-Z0-9 ]{1,64})-----/g;
/** What follows a block that was cut off: whole base64 lines, never a sentence. */
const UNTERMINATED_BODY = /(?:(?:\s|\\[nrt])*[A-Za-z0-9+/]{16,}={0,2})*/y;
const MAX_PEM_CHARS = 65_536;

function patternFor(label: string, enabled: ReadonlySet<MaskingPatternName>): MaskingPatternName | null {
  if (/PRIVATE KEY/.test(label)) {
    if (/OPENSSH/.test(label) && enabled.has('ssh_key') && !enabled.has('private_key')) return 'ssh_key';
    return enabled.has('private_key') || enabled.has('certificate') ? 'private_key' : null;
  }
  return /CERTIFICATE/.test(label) && enabled.has('certificate') ? 'certificate' : null;
}

/** Masks PEM blocks, also on one line with `\n`, indented, and cut off before their end. */
export function maskPemBlocks(text: string, enabled: ReadonlySet<MaskingPatternName>): string {
  if (!text.includes('-----BEGIN ')) return text;
  const found: Replacement[] = [];
  BEGIN.lastIndex = 0;
  for (let match = BEGIN.exec(text); match !== null; match = BEGIN.exec(text)) {
    const label = match[1] ?? '';
    const pattern = patternFor(label, enabled);
    if (pattern === null) continue;
    const end = findBlockEnd(text, BEGIN.lastIndex, label);
    found.push({ start: match.index, end, text: placeholderFor(pattern) });
    BEGIN.lastIndex = end;
  }
  return replaceSpans(text, found);
}

function findBlockEnd(text: string, bodyStart: number, label: string): number {
  const closing = `-----END ${label}-----`;
  const nextBlock = text.indexOf('-----BEGIN ', bodyStart);
  const limit = Math.min(nextBlock === -1 ? text.length : nextBlock, bodyStart + MAX_PEM_CHARS);
  const end = text.slice(bodyStart, limit).indexOf(closing);
  if (end !== -1) return bodyStart + end + closing.length;
  UNTERMINATED_BODY.lastIndex = bodyStart;
  return bodyStart + (UNTERMINATED_BODY.exec(text)?.[0].length ?? 0);
}
