import { showControls } from '#src/lib/show-controls.ts';
import type { MessageTemplates } from '#src/server/config/schema-notifications.ts';
import type { Message } from '../message/compose-message.ts';
import { type Dialect, renderText } from '../message/render-text.ts';
import { SLACK_MAX_CHARS } from '../tunables.ts';

/**
 * Foreign text as Slack shows it letter by letter: no mention (`<!channel>`), link (`<https://…|click>`) or date can be made
 * from it. Slack's own rule: exactly these three characters are escaped.
 */
const escapeText = (text: string): string =>
  showControls(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** For between backticks: it cannot end the code that it stands in. */
const escapeCode = (text: string): string => escapeText(text).replaceAll('`', 'ˋ');

const mrkdwn: Dialect = {
  maxChars: SLACK_MAX_CHARS,
  templates: {
    started: '🔎 *Investigating:* {{title}}\n{{details}} · <{{link}}|Follow it live>',
    ended:
      '{{icon}} *{{title}}:* {{status}}\n\n{{summary}}\n\n{{details}} · <{{link}}|Open the investigation>',
    approval:
      '✋ *{{request}}:* {{title}}\n{{tool}}\n{{arguments}}\n{{why}}\n{{expires}} · <{{decide}}|Decide in TARS> · <{{link}}|Open the investigation>',
    decision:
      '{{icon}} *{{outcome}}:* {{title}}\n{{tool}}\n{{arguments}}\n{{why}}\n{{reason}}\n{{decided}} · <{{link}}|Open the investigation>',
  },
  text: escapeText,
  code: (plain) => `\`${escapeCode(plain)}\``,
  fence: (plain) => `\`\`\`${escapeCode(plain)}\`\`\``,
  bold: (plain) => `*${escapeText(plain).replaceAll('*', '')}*`,
  bullet: '•',
};

/** A message in Slack's own dialect. */
export const renderSlack = (message: Message, templates: MessageTemplates): string =>
  renderText(message, { dialect: mrkdwn, templates });
