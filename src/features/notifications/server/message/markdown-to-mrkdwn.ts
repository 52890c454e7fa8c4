import { escapeMrkdwn } from './escape-mrkdwn.ts';

/**
 * A model's Markdown in Slack's dialect, escaped: headings and bold become bold, bullets bullets. Links and images are shown
 * with their address and lead nowhere, since whoever wrote the alert may have written them.
 */
export const markdownToMrkdwn = (markdown: string): string =>
  escapeMrkdwn(markdown)
    .split('\n')
    .map(convertLine)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

function convertLine(line: string): string {
  const heading = /^ {0,3}#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
  if (heading !== undefined) return heading === '' ? '' : `*${convertInline(heading).replaceAll('*', '')}*`;
  return convertInline(line.replace(/^(\s*)[-*+]\s+/, '$1• '));
}

const convertInline = (text: string): string =>
  text
    .replace(/!?\[([^[\]]{0,500})\]\(([^()\s]{1,2000})\)/g, '$1 ($2)')
    .replace(/(\*\*|__)(?=\S)([^*_\n]{1,500}?)\1/g, '*$2*');
