import type { MessageKind, MessageTemplates } from '#src/server/config/schema-notifications.ts';
import { ARGUMENTS_MAX_CHARS } from '../tunables.ts';
import type { Message, SessionMessage } from './compose-message.ts';
import { fillTemplate, type PlaceholderValues } from './fill-template.ts';
import { cutText } from './fit-text.ts';
import { type Block, readMarkdown, type Span, wordsOf } from './read-markdown.ts';

/** How a platform that takes one text writes it. Foreign text passes `text`, `code` or `fence`, nothing else. */
export type Dialect = {
  maxChars: number;
  templates: Record<MessageKind, string>;
  /** Shows it letter by letter. */
  text(plain: string): string;
  code(plain: string): string;
  fence(plain: string): string;
  bold(plain: string): string;
  bullet: string;
};

/** A message as one text, by the built-in templates or those of the configuration. */
export function renderText(
  message: Message,
  options: { dialect: Dialect; templates: MessageTemplates },
): string {
  const { dialect, templates } = options;
  if (message.kind === 'test') return cutText(message.text, dialect.maxChars);
  return fillTemplate(templates[message.kind] ?? dialect.templates[message.kind], {
    values: valuesOf(message, dialect),
    maxChars: dialect.maxChars,
  });
}

function valuesOf(message: SessionMessage, dialect: Dialect): PlaceholderValues {
  const { request, decision, links } = message;
  const text = (plain: string) => ({ text: plain, render: dialect.text });
  const ours = (plain: string) => ({ text: plain, render: (same: string) => same });
  const when = (plain: string, render: (plain: string) => string) => ({
    text: plain,
    render: (some: string) => (some === '' ? '' : render(some)),
  });
  return {
    title: text(message.title),
    severity: text(message.severity ?? ''),
    alertType: text(message.alertType),
    details: text(message.details.join(' · ')),
    icon: ours(message.icon),
    status: text(message.status),
    summary: { text: message.summary, render: (markdown) => renderMarkdown(markdown, dialect) },
    duration: ours(message.duration),
    cost: ours(message.cost),
    request: ours(request?.heading ?? ''),
    tool: when(request?.tool ?? '', dialect.code),
    arguments: { ...when(request?.arguments ?? '', dialect.fence), maxChars: ARGUMENTS_MAX_CHARS },
    why: text(request?.why ?? ''),
    expires: ours(request?.expires ?? ''),
    outcome: text(decision?.outcome ?? ''),
    reason: text(decision?.reason ?? ''),
    decided: ours(decision?.at ?? ''),
    link: ours(links.session),
    decide: ours(links.decide ?? links.session),
  };
}

const renderMarkdown = (markdown: string, dialect: Dialect): string =>
  readMarkdown(markdown)
    .map((block) => renderBlock(block, dialect))
    .join('\n');

function renderBlock(block: Block, dialect: Dialect): string {
  if (block.type === 'code') return dialect.fence(block.text);
  const words = wordsOf(block.spans);
  if (block.look === 'heading') return words.trim() === '' ? '' : dialect.bold(words);
  const line = block.spans.map((span) => renderSpan(span, dialect)).join('');
  return block.look === 'bullet' ? `${block.indent}${dialect.bullet} ${line}` : line;
}

function renderSpan({ text, style }: Span, dialect: Dialect): string {
  switch (style) {
    case 'plain':
      return dialect.text(text);
    case 'bold':
      return dialect.bold(text);
    case 'code':
      return dialect.code(text);
  }
}
