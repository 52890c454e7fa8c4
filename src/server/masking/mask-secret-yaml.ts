import { placeholderFor } from './compile-custom-pattern.ts';

const SECRET_PLACEHOLDER = placeholderFor('kubernetes_secret');
const ENTRY =
  /^([ \t]*(?:-[ \t]{1,8}){0,20})(["']?)([A-Za-z0-9_./-]{1,253})\2[ \t]*:(?=[ \t\r]|$)[ \t]*([^\n]*)$/;
const SECRET_KIND = /^(["']?)(Secret|SecretList)\1[ \t]*(?:#.*)?\r?$/;

interface YamlLine {
  /** Column of the first character that is not blank, or -1 on a blank line. */
  readonly indent: number;
  /** Column of the key, after any dashes; equals `indent` on other lines. */
  readonly column: number;
  readonly key: string | null;
  readonly value: string;
  /** Everything up to the value. */
  readonly head: string;
}

function parseLine(line: string): YamlLine {
  const indent = line.search(/\S/);
  if (indent === -1) return { indent, column: -1, key: null, value: '', head: '' };
  const match = ENTRY.exec(line);
  const lead = match?.[1]?.length ?? /^[ \t]*(?:-[ \t]{1,8}){0,20}/.exec(line)?.[0].length ?? indent;
  if (match === null) return { indent, column: lead, key: null, value: '', head: line };
  const value = match[4] ?? '';
  return {
    indent,
    column: lead,
    key: match[3] ?? null,
    value,
    head: line.slice(0, line.length - value.length),
  };
}

/**
 * Masks the values below `data` and `stringData` of every mapping of kind Secret (or anywhere in a SecretList) in
 * block YAML that lies anywhere in a text: after a preamble, indented in a list or a block scalar, in several
 * documents. Works by columns, not by parsing, so that text which is no valid YAML is covered and everything else
 * stays as it was. Key names and empty values stay.
 */
export function maskSecretYaml(text: string, checkTime: () => void): string {
  if (!/kind["']?[ \t]*:[ \t]*["']?Secret/.test(text)) return text;
  const lines = text.split('\n');
  const parsed = lines.map(parseLine);
  const output: (string | null)[] = [...lines];
  const anchors = new Set<string>();
  for (const [index, line] of parsed.entries()) {
    const kind = line.key === 'kind' ? SECRET_KIND.exec(line.value)?.[2] : undefined;
    if (kind === undefined) continue;
    checkTime();
    maskMapping(parsed, output, index, kind === 'SecretList', anchors);
  }
  if (anchors.size > 0) maskAnchors(parsed, output, anchors);
  return output.filter((line) => line !== null).join('\n');
}

function maskMapping(
  parsed: readonly YamlLine[],
  output: (string | null)[],
  kindIndex: number,
  isList: boolean,
  anchors: Set<string>,
): void {
  const column = parsed[kindIndex]?.column ?? 0;
  const [first, last] = findMapping(parsed, kindIndex, column);
  for (let index = first; index <= last; index++) {
    const line = parsed[index];
    const isData = line?.key === 'data' || line?.key === 'stringData';
    if (line === undefined || !isData || (isList ? line.column <= column : line.column !== column)) continue;
    index = maskBelow(parsed, output, index, anchors);
  }
}

/** First and last line of the mapping with keys at `column` that holds the line `from`. */
function findMapping(parsed: readonly YamlLine[], from: number, column: number): [number, number] {
  const seen = new Set<string>(['kind']);
  const belongs = (line: YamlLine): boolean => {
    if (line.indent === -1) return true;
    if (isDocumentMark(line)) return false;
    if (line.column === column && line.key !== null) {
      if (seen.has(line.key)) return false;
      seen.add(line.key);
    }
    return line.column >= column && (line.indent >= column || line.column === column || line.column > column);
  };
  let first = from;
  while (first > 0 && !startsItem(parsed[first], column)) {
    const line = parsed[first - 1];
    if (line === undefined || !belongs(line)) break;
    if (line.indent < column && line.column > column && line.indent !== -1) break;
    first--;
  }
  let last = from;
  while (last + 1 < parsed.length) {
    const line = parsed[last + 1];
    if (line === undefined || (line.indent !== -1 && line.indent < column) || !belongs(line)) break;
    last++;
  }
  return [first, last];
}

function isDocumentMark(line: YamlLine): boolean {
  return line.indent === 0 && line.key === null && /^(?:---|\.\.\.)/.test(line.head);
}

/** `- apiVersion: v1` opens the mapping whose keys stand at `column`. */
function startsItem(line: YamlLine | undefined, column: number): boolean {
  return line !== undefined && line.column === column && line.indent !== -1 && line.indent < column;
}

/** Masks the value of one `data` key and everything nested below it; returns the last line that belongs to it. */
function maskBelow(
  parsed: readonly YamlLine[],
  output: (string | null)[],
  dataIndex: number,
  anchors: Set<string>,
): number {
  const data = parsed[dataIndex];
  if (data === undefined) return dataIndex;
  const alias = /^\*([\w.-]+)/.exec(data.value.trim());
  if (alias?.[1] !== undefined) anchors.add(alias[1]);
  else maskFlow(data, output, dataIndex);
  let index = dataIndex + 1;
  let keyColumn = -1;
  for (; index < parsed.length; index++) {
    const line = parsed[index];
    if (line === undefined || (line.indent !== -1 && line.indent <= data.column)) break;
    if (line.indent === -1) continue;
    if (keyColumn === -1) keyColumn = line.column;
    if (line.key !== null && line.column <= keyColumn) maskEntry(line, output, index, anchors);
    else if (line.column > keyColumn || !line.head.trimStart().startsWith('#')) output[index] = null;
  }
  return index - 1;
}

function maskEntry(line: YamlLine, output: (string | null)[], index: number, anchors: Set<string>): void {
  const value = line.value.trim();
  const alias = /^\*([\w.-]+)/.exec(value);
  if (alias?.[1] !== undefined) anchors.add(alias[1]);
  if (/^(?:\[MASKED_|["']\[MASKED_|\*)/.test(value) || /^(?:|""|''|null|~|\{\}|#.*)$/.test(value)) return;
  const ending = /,?\r?$/.exec(line.value)?.[0] ?? '';
  const quote = /^["']/.exec(value)?.[0] ?? '';
  const gap = line.head.endsWith(':') ? ' ' : '';
  output[index] = `${line.head}${gap}${quote}${SECRET_PLACEHOLDER}${quote}${ending}`;
}

/** `data: {a: b}` on one line is masked by the JSON pass; anything else after `data:` goes as a whole. */
function maskFlow(line: YamlLine, output: (string | null)[], index: number): void {
  const value = line.value.trim();
  if (/^(?:\{\}?|null|~|\[MASKED_.*|#.*|[&!][^\s]*|)$/.test(value)) return;
  if (value.startsWith('{')) {
    const masked = value.replace(
      /([{,]\s*["']?[A-Za-z0-9_./-]{1,253}["']?\s*:\s*)(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^,}"']+)/g,
      (_whole, head: string) => `${head}"${SECRET_PLACEHOLDER}"`,
    );
    output[index] = line.head + (masked.includes(SECRET_PLACEHOLDER) ? masked : SECRET_PLACEHOLDER);
    return;
  }
  output[index] = `${line.head}${SECRET_PLACEHOLDER}`;
}

/** A Secret whose data is an alias: the values stand where the anchor is defined. */
function maskAnchors(
  parsed: readonly YamlLine[],
  output: (string | null)[],
  anchors: ReadonlySet<string>,
): void {
  for (const [index, line] of parsed.entries()) {
    const anchor = /^&([\w.-]+)[ \t]*(.*)$/.exec(line.value.trim());
    if (anchor?.[1] === undefined || !anchors.has(anchor[1])) continue;
    if (anchor[2] === '') maskBelow(parsed, output, index, new Set());
    else output[index] = `${line.head}${SECRET_PLACEHOLDER}`;
  }
}
