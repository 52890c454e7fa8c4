import { showControls } from '#src/lib/show-controls.ts';
import type { Message, SessionMessage } from '../message/compose-message.ts';
import { cutText } from '../message/fit-text.ts';
import { type Block, readMarkdown, type Span } from '../message/read-markdown.ts';
import { ARGUMENTS_MAX_CHARS, CARD_LINES_MAX, CARD_TEXT_MAX_CHARS, TEAMS_MAX_BYTES } from '../tunables.ts';

/** One piece of a line. Unlike the text of a `TextBlock`, that of a `TextRun` is shown letter by letter: no Markdown, no links. */
type TextRun = {
  type: 'TextRun';
  text: string;
  weight?: 'Bolder';
  size?: 'Medium';
  fontType?: 'Monospace';
  isSubtle?: true;
};
type Line = { type: 'RichTextBlock'; inlines: TextRun[]; spacing?: 'None' | 'Medium' };
type Action = { type: 'Action.OpenUrl'; title: string; url: string };

export type TeamsEnvelope = {
  type: 'message';
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive';
      contentUrl: null;
      content: {
        $schema: string;
        type: 'AdaptiveCard';
        version: '1.4';
        msteams: { width: 'Full' };
        body: Line[];
        actions: Action[];
      };
    },
  ];
};

/** A message as an Adaptive Card in the envelope that Workflows take, within the size that Teams takes. */
export function renderCard(message: Message): TeamsEnvelope {
  let maxChars = CARD_TEXT_MAX_CHARS;
  for (;;) {
    const envelope = wrap(bodyOf(message, maxChars), actionsOf(message));
    if (Buffer.byteLength(JSON.stringify(envelope)) <= TEAMS_MAX_BYTES || maxChars === 0) return envelope;
    maxChars = Math.floor(maxChars / 2);
  }
}

const wrap = (body: Line[], actions: Action[]): TeamsEnvelope => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      contentUrl: null,
      content: {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        type: 'AdaptiveCard',
        version: '1.4',
        msteams: { width: 'Full' },
        body,
        actions,
      },
    },
  ],
});

function bodyOf(message: Message, maxChars: number): Line[] {
  if (message.kind === 'test') return [line([run(message.text)])];
  const { request, decision } = message;
  const cut = (text: string) => cutText(text, maxChars);
  const details = [...message.details, ...notesOf(message)].join(' · ');
  const foot = line([{ ...run(details), isSubtle: true }], 'Medium');
  const body = [headline(message, cut)];
  if (message.kind === 'ended') body.push(...markdownLines(cut(message.summary)));
  if (request && message.kind !== 'ended') {
    if (request.tool !== '') body.push(line([code(request.tool)]));
    body.push(...codeLines(cut(cutText(request.arguments, ARGUMENTS_MAX_CHARS))));
    body.push(...plainLines(cut(request.why)));
  }
  if (decision) body.push(...plainLines(cut(decision.reason)));
  return [...body.slice(0, CARD_LINES_MAX), foot];
}

function headline(message: SessionMessage, cut: (text: string) => string): Line {
  const title = cut(message.title);
  const bold = (text: string): TextRun => ({ ...run(text), weight: 'Bolder', size: 'Medium' });
  const large = (text: string): TextRun => ({ ...run(text), size: 'Medium' });
  const { icon } = message;
  switch (message.kind) {
    case 'started':
      return line([bold(`${icon} Investigating: `), large(title)]);
    case 'ended':
      return line([bold(`${icon} ${title}: `), large(message.status)]);
    case 'approval':
      return line([bold(`${icon} ${message.request?.heading ?? ''}: `), large(title)]);
    case 'decision':
      return line([bold(`${icon} ${message.decision?.outcome ?? ''}: `), large(title)]);
  }
}

/** When something ends or was decided, below everything else. */
function notesOf({ kind, request, decision }: SessionMessage): string[] {
  const note = { started: '', ended: '', approval: request?.expires, decision: decision?.at }[kind];
  return note ? [note] : [];
}

function actionsOf(message: Message): Action[] {
  const open = (title: string, url: string): Action => ({ type: 'Action.OpenUrl', title, url });
  if (message.kind === 'test') return [open('Open TARS', message.link)];
  const { session, decide } = message.links;
  const label = message.kind === 'started' ? 'Follow it live' : 'Open the investigation';
  return [...(decide === null ? [] : [open('Decide in TARS', decide)]), open(label, session)];
}

const run = (text: string): TextRun => ({ type: 'TextRun', text: showControls(text) });
const code = (text: string): TextRun => ({ ...run(text), fontType: 'Monospace' });
const line = (inlines: TextRun[], spacing?: Line['spacing']): Line => ({
  type: 'RichTextBlock',
  inlines,
  ...(spacing ? { spacing } : {}),
});

/** A run shows no line breaks, so every line is a block of its own. */
const linesOf = (text: string): string[] => text.split('\n').filter((each) => each.trim() !== '');
const plainLines = (text: string): Line[] => linesOf(text).map((each) => line([run(each)]));
/** Leading spaces would be taken together. */
const codeLines = (text: string): Line[] =>
  linesOf(text).map((each) => line([code(each.replace(/^ +/, (s) => '\u00a0'.repeat(s.length)))], 'None'));

const markdownLines = (markdown: string): Line[] => readMarkdown(markdown).flatMap(blockLines);

function blockLines(block: Block): Line[] {
  if (block.type === 'code') return codeLines(block.text);
  if (block.spans.every(({ text }) => text.trim() === '')) return [];
  const bullet = block.look === 'bullet' ? [run(`${'\u00a0'.repeat(block.indent.length)}• `)] : [];
  return [line([...bullet, ...block.spans.map((span) => spanRun(span, block.look === 'heading'))])];
}

function spanRun({ text, style }: Span, isHeading: boolean): TextRun {
  if (style === 'code') return code(text);
  return isHeading || style === 'bold' ? { ...run(text), weight: 'Bolder' } : run(text);
}
