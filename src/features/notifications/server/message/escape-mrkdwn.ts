import { showControls } from '#src/lib/show-controls.ts';

/**
 * Foreign text as Slack shows it letter by letter: no mention (`<!channel>`), link (`<https://…|click>`) or date can be made
 * from it. Slack's own rule: exactly these three characters are escaped.
 */
export const escapeMrkdwn = (text: string): string =>
  showControls(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Escaped text for between backticks: it cannot end the code that it stands in. */
export const escapeCode = (text: string): string => escapeMrkdwn(text).replaceAll('`', 'ˋ');
