import { showControls } from '#src/lib/show-controls.ts';
import type { MessageTemplates } from '#src/server/config/schema-notifications.ts';
import type { Message } from '../message/compose-message.ts';
import { type Dialect, renderText } from '../message/render-text.ts';
import { MATTERMOST_MAX_CHARS } from '../tunables.ts';

/** What Mattermost makes a link of by itself. */
const ADDRESS = /(?:[a-z][a-z0-9+.-]*:\/\/|www\.|mailto:|tel:)[^\s`]+/gi;
/** The characters that Mattermost's Markdown lets a backslash take the meaning from. */
const MARKDOWN = /[\\*_{}[\]()#+!|~]/g;

/**
 * Foreign text as Mattermost shows it letter by letter. Addresses become code, which is no link and can still be copied; the
 * sign of a mention (`@all`, `@channel`, a name) is replaced by its wide twin, since a backslash does not take its meaning.
 */
function escapeText(text: string): string {
  const shown = showControls(text).replaceAll('`', 'ˋ');
  let escaped = '';
  let from = 0;
  for (const match of shown.matchAll(ADDRESS)) {
    escaped += `${escapeWords(shown.slice(from, match.index))}\`${match[0]}\``;
    from = match.index + match[0].length;
  }
  return `${escaped}${escapeWords(shown.slice(from))}`;
}

const escapeWords = (text: string): string => text.replace(MARKDOWN, '\\$&').replaceAll('@', '＠');

const escapeCode = (text: string): string => showControls(text).replaceAll('`', 'ˋ');

const markdown: Dialect = {
  maxChars: MATTERMOST_MAX_CHARS,
  templates: {
    started: '🔎 **Investigating:** {{title}}\n{{details}} · [Follow it live]({{link}})',
    ended:
      '{{icon}} **{{title}}:** {{status}}\n\n{{summary}}\n\n{{details}} · [Open the investigation]({{link}})',
    approval:
      '✋ **{{request}}:** {{title}}\n{{tool}}\n{{arguments}}\n{{why}}\n\n{{expires}} · [Decide in TARS]({{decide}}) · [Open the investigation]({{link}})',
    decision:
      '{{icon}} **{{outcome}}:** {{title}}\n{{tool}}\n{{arguments}}\n{{why}}\n{{reason}}\n\n{{decided}} · [Open the investigation]({{link}})',
  },
  text: escapeText,
  code: (plain) => `\`${escapeCode(plain)}\``,
  fence: (plain) => `\`\`\`\n${escapeCode(plain)}\n\`\`\``,
  bold: (plain) => `**${escapeText(plain)}**`,
  bullet: '-',
};

/** A message in Mattermost's Markdown. */
export const renderMattermost = (message: Message, templates: MessageTemplates): string =>
  renderText(message, { dialect: markdown, templates });
