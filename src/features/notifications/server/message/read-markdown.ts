/** A model's Markdown as every platform can show it: lines of pieces, without any link. */
export type Block =
  | { type: 'line'; look: 'text' | 'heading' | 'bullet'; indent: string; spans: Span[] }
  | { type: 'code'; text: string };

export type Span = { text: string; style: 'plain' | 'bold' | 'code' };

const FENCE = /^\s*(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}(?:\s+(.*?))?\s*#*$/;
const BULLET = /^(\s*)[-*+]\s+(.*)$/;
/** Links and images show their address and lead nowhere, since whoever wrote the alert may have written them. */
const LINK = /!?\[([^[\]]{0,500})\]\(([^()\s]{1,2000})\)/g;
const STYLED = /`([^`\n]{1,500})`|(\*\*|__)(?=\S)([^*_\n]{1,500}?)\2/g;

/** Reads what people write in chats: headings, bullets, bold, code. Anything else stays the text that it is. */
export function readMarkdown(markdown: string): Block[] {
  const blocks: Block[] = [];
  let code: string[] | null = null;
  let fence = '';
  for (const line of markdown
    .trim()
    .replace(/\n{3,}/g, '\n\n')
    .split('\n')) {
    const mark = FENCE.exec(line)?.[1];
    if (code === null && mark !== undefined) {
      code = [];
      fence = mark;
    } else if (code !== null && mark?.startsWith(fence)) {
      blocks.push({ type: 'code', text: code.join('\n') });
      code = null;
    } else if (code !== null) code.push(line);
    else blocks.push(readLine(line));
  }
  // A fence that was cut off ends with the text.
  if (code !== null) blocks.push({ type: 'code', text: code.join('\n') });
  return blocks;
}

function readLine(line: string): Block {
  const heading = HEADING.exec(line);
  if (heading) return { type: 'line', look: 'heading', indent: '', spans: readSpans(heading[1] ?? '') };
  const [, indent = '', item] = BULLET.exec(line) ?? [];
  return item === undefined
    ? { type: 'line', look: 'text', indent: '', spans: readSpans(line) }
    : { type: 'line', look: 'bullet', indent, spans: readSpans(item) };
}

function readSpans(line: string): Span[] {
  const text = line.replace(LINK, '$1 ($2)');
  const spans: Span[] = [];
  let from = 0;
  const plainTo = (to: number) => {
    if (to > from) spans.push({ text: text.slice(from, to), style: 'plain' });
  };
  for (const match of text.matchAll(STYLED)) {
    plainTo(match.index);
    spans.push(
      match[1] === undefined ? { text: match[3] ?? '', style: 'bold' } : { text: match[1], style: 'code' },
    );
    from = match.index + match[0].length;
  }
  plainTo(text.length);
  return spans;
}

/** The words of a line without their looks. */
export const wordsOf = (spans: readonly Span[]): string => spans.map(({ text }) => text).join('');
