import type { Evidence, Finding } from './patterns/finding.ts';
import type { Exchange } from './read-conversation.ts';

/** Parts that every written answer has in common. */

export const SIGNATURE =
  "*This analysis was written by TARS's rule-based offline analyst, not by a language model: it recognises known failure patterns and cannot judge beyond them.*";

export const section = (title: string, body: string): string => `## ${title}\n${body}`;

export const bullets = (items: string[]): string => items.map((item) => `- ${item}`).join('\n');

export const numbered = (items: string[]): string =>
  items.map((item, index) => `${index + 1}. ${item}`).join('\n');

export const evidenceLine = (item: Evidence): string =>
  `${capital(item.note)}: \`${item.quote.replaceAll('`', "'")}\` [tool: ${item.toolCallRef}]`;

export const remediationLine = ({ text, command }: Finding['remediation'][number]): string =>
  `${text}${command === undefined ? '' : `\n   \`\`\`sh\n   ${command}\n   \`\`\``}`;

/** Each tool call in a few words, failed ones with their error. */
export function lookedAt(exchanges: readonly Exchange[]): string[] {
  return exchanges.map((exchange) => {
    const args = Object.entries(exchange.args)
      .map(([key, value]) => `${key}=${String(value)}`)
      .join(' ')
      .slice(0, 160);
    const outcome =
      exchange.output === null
        ? ' (no result)'
        : exchange.failed
          ? ` (failed: ${exchange.output.split('\n', 1)[0]?.slice(0, 120) ?? ''})`
          : '';
    return `\`${exchange.toolName}\` ${args}${outcome} [tool: ${exchange.id}]`;
  });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
