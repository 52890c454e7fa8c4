import { placeholderFor } from './compile-custom-pattern.ts';
import { type Replacement, replaceSpans } from './replace-spans.ts';

/** Masks a text that lies inside a JSON string, one level deeper. */
export type MaskEmbedded = (text: string) => string;

interface Frame {
  readonly isArray: boolean;
  key: string | null;
  expectKey: boolean;
  kind: string | null;
  /** Index into `leaves` at which the current `data` or `stringData` value began, or -1. */
  dataFrom: number;
  /** Ranges of `leaves` that belong to `data` and `stringData` of this object. */
  readonly dataRanges: [number, number][];
  readonly leavesFrom: number;
}

interface Leaf {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

const REGION_START = /[{[](?=(?:\s|\\[nrt])*(?:\\{0,15}["'{[]|[A-Za-z_][\w./-]{0,100}[ \t]*:))/g;
const BLANK = /(?:\s|\\[nrt])+/y;
const BARE = /[^\s,:{}[\]"'\\]+(?:[ \t]+[^\s,:{}[\]"'\\#]+)*/y;
const SECRET_PLACEHOLDER = placeholderFor('kubernetes_secret');

/**
 * Masks the values below `data` and `stringData` of every object of kind Secret (or anywhere in a SecretList) in JSON
 * and flow YAML that lies anywhere in a text: top-level arrays, lists, annotations, escaped documents, cut-off ends.
 * One pass with an explicit stack; whatever is not JSON is left alone. Keys and empty values stay.
 */
export function maskSecretJson(text: string, maskEmbedded: MaskEmbedded, checkTime: () => void): string {
  const found: Replacement[] = [];
  REGION_START.lastIndex = 0;
  for (let match = REGION_START.exec(text); match !== null; match = REGION_START.exec(text)) {
    checkTime();
    const scanner = new RegionScanner(text, match.index, maskEmbedded);
    const end = scanner.run(found);
    REGION_START.lastIndex = Math.max(end, match.index + 1);
  }
  return replaceSpans(text, found);
}

/** Reads one JSON-like region from its opening bracket to its end, or to the first thing that is not JSON. */
class RegionScanner {
  private readonly text: string;
  private readonly maskEmbedded: MaskEmbedded;
  private position: number;
  private readonly frames: Frame[] = [];
  private readonly leaves: Leaf[] = [];
  private readonly secretRanges: [number, number][] = [];
  private readonly embedded: Replacement[] = [];
  private dataDepth = 0;
  /** The first quote seen: what an unquoted value is quoted with once masked. */
  private regionQuote: string | null = null;

  constructor(text: string, start: number, maskEmbedded: MaskEmbedded) {
    this.text = text;
    this.position = start;
    this.maskEmbedded = maskEmbedded;
  }

  /** Appends what must be replaced and returns where the region ends. */
  run(found: Replacement[]): number {
    while (this.position < this.text.length && this.step()) if (this.frames.length === 0) break;
    while (this.frames.length > 0) this.close();
    for (const [from, to] of mergeRanges(this.secretRanges)) {
      for (const leaf of this.leaves.slice(from, to)) {
        found.push({ start: leaf.start, end: leaf.end, text: leaf.replacement });
      }
    }
    // A masked value that also held a document is replaced as a value: it comes first, the later one overlaps.
    for (const item of this.embedded) found.push(item);
    return this.position;
  }

  /** Consumes one token; false when the region ends here. */
  private step(): boolean {
    this.skip(BLANK);
    const character = this.text.charAt(this.position);
    switch (character) {
      case '{':
      case '[':
        this.open(character === '[');
        return true;
      case '}':
      case ']':
        this.close();
        this.position++;
        return true;
      case ',':
        this.position++;
        this.endValue();
        return true;
      case ':':
        this.position++;
        return this.beginValue();
      case '':
        return false;
      default:
        return this.scalar();
    }
  }

  private skip(expression: RegExp): string {
    expression.lastIndex = this.position;
    const matched = expression.exec(this.text)?.[0] ?? '';
    this.position += matched.length;
    return matched;
  }

  private open(isArray: boolean): void {
    this.position++;
    this.frames.push({
      isArray,
      key: null,
      expectKey: !isArray,
      kind: null,
      dataFrom: -1,
      dataRanges: [],
      leavesFrom: this.leaves.length,
    });
  }

  private beginValue(): boolean {
    const frame = this.frames.at(-1);
    if (frame === undefined || frame.isArray || frame.key === null) return false;
    frame.expectKey = false;
    if ((frame.key === 'data' || frame.key === 'stringData') && frame.dataFrom === -1) {
      frame.dataFrom = this.leaves.length;
      this.dataDepth++;
    }
    return true;
  }

  private endValue(): void {
    const frame = this.frames.at(-1);
    if (frame === undefined) return;
    if (frame.dataFrom !== -1) {
      frame.dataRanges.push([frame.dataFrom, this.leaves.length]);
      frame.dataFrom = -1;
      this.dataDepth--;
    }
    frame.key = null;
    frame.expectKey = !frame.isArray;
  }

  private close(): void {
    this.endValue();
    const frame = this.frames.pop();
    if (frame?.kind === 'Secret') for (const range of frame.dataRanges) this.secretRanges.push(range);
    if (frame?.kind === 'SecretList') this.secretRanges.push([frame.leavesFrom, this.leaves.length]);
  }

  private scalar(): boolean {
    const frame = this.frames.at(-1);
    if (frame === undefined) return false;
    const quoted = this.readQuoted();
    if (quoted === null && this.text.charAt(this.position) === '\\') return false;
    const start = quoted?.start ?? this.position;
    const value = quoted?.value ?? this.skip(BARE);
    if (quoted === null && value === '') return false;
    if (frame.expectKey) {
      frame.key = value;
      return true;
    }
    if (frame.key === 'kind') frame.kind = value;
    const end = quoted?.end ?? this.position;
    if (this.dataDepth > 0) this.addLeaf(start, end, value, quoted !== null);
    if (quoted !== null && /kind/.test(value) && value.includes('Secret')) this.addEmbedded(quoted);
    return true;
  }

  private addLeaf(start: number, end: number, value: string, isQuoted: boolean): void {
    if (value === '' || value.startsWith('[MASKED_') || (!isQuoted && /^(?:null|~)$/.test(value))) return;
    const quote = isQuoted ? '' : (this.regionQuote ?? '"');
    this.leaves.push({ start, end, replacement: `${quote}${SECRET_PLACEHOLDER}${quote}` });
  }

  private addEmbedded(quoted: { start: number; end: number; value: string; quote: string }): void {
    if (!quoted.quote.endsWith('"')) return;
    const levels = Math.log2(quoted.quote.length) + 1;
    if (!Number.isInteger(levels)) return;
    const inner = decodeJsonString(quoted.value, levels);
    if (inner === null) return;
    const masked = this.maskEmbedded(inner);
    if (masked === inner) return;
    this.embedded.push({ start: quoted.start, end: quoted.end, text: encodeJsonString(masked, levels) });
  }

  /** A string at any level of escaping: `"…"`, `\"…\"`, `\\\"…\\\"`, or `'…'`. Null when none starts here. */
  private readQuoted(): { start: number; end: number; value: string; quote: string } | null {
    OPENING.lastIndex = this.position;
    const opening = OPENING.exec(this.text);
    if (opening === null) return null;
    const quote = opening[0];
    const backslashes = quote.length - 1;
    this.regionQuote ??= quote;
    const start = this.position + quote.length;
    const end = findEnd(this.text, start, quote.charAt(backslashes), backslashes);
    this.position = Math.min(end + quote.length, this.text.length);
    return { start, end, value: this.text.slice(start, end), quote };
  }
}

const OPENING = /\\{0,15}["']/y;

/** Where the closing quote (its backslashes included) begins, or the end of the text when it was cut off. */
function findEnd(text: string, start: number, mark: string, backslashes: number): number {
  const period = 2 * (backslashes + 1);
  for (let at = text.indexOf(mark, start); at !== -1; at = text.indexOf(mark, at + 1)) {
    let preceding = 0;
    while (at - 1 - preceding >= start && text.charAt(at - 1 - preceding) === '\\') preceding++;
    if (preceding >= backslashes && (preceding - backslashes) % period === 0) return at - backslashes;
  }
  return text.length;
}

/** Undoes as many levels of JSON escaping as the text stands in; null when it is not escaped that often. */
function decodeJsonString(raw: string, levels: number): string | null {
  let text = raw;
  try {
    for (let level = 0; level < levels; level++) {
      const value: unknown = JSON.parse(`"${text}"`);
      if (typeof value !== 'string') return null;
      text = value;
    }
    return text;
  } catch {
    return null;
  }
}

function encodeJsonString(text: string, levels: number): string {
  let encoded = text;
  for (let level = 0; level < levels; level++) encoded = JSON.stringify(encoded).slice(1, -1);
  return encoded;
}

/** Overlapping ranges become one, so that nested Secrets cost no more than their text. */
function mergeRanges(ranges: readonly (readonly [number, number])[]): [number, number][] {
  const merged: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}
