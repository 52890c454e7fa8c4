import { callKey } from './known-tools.ts';
import type { Diagnosis } from './rank-findings.ts';
import type { Conversation } from './read-conversation.ts';
import { MAX_SUMMARY_CHARS } from './tunables.ts';

const HEADING = 'Calls made so far:';

/** A summary that stands for the conversation: what was found with its evidence, and every call that was made. */
export function writeCompaction(conversation: Conversation, diagnosis: Diagnosis): string {
  const findings = [diagnosis.primary, ...diagnosis.related]
    .filter((finding) => finding !== null)
    .slice(0, 5);
  const told = findings.flatMap((finding) => [
    `- ${finding.cause} (${finding.confidence} confidence)`,
    ...finding.evidence
      .slice(0, 4)
      .map((item) => `  - ${item.note}: \`${item.quote.replaceAll('`', "'")}\` [tool: ${item.toolCallRef}]`),
  ]);
  const calls = conversation.exchanges.map((exchange) => `- ${callKey(exchange.toolName, exchange.args)}`);
  return [
    'Summary of the investigation so far, by rule (offline analyst).',
    'Found:',
    ...(told.length > 0 ? told : ['- Nothing that a known failure pattern explains.']),
    HEADING,
    ...calls,
  ]
    .join('\n')
    .slice(0, MAX_SUMMARY_CHARS);
}

/** The calls named in earlier summaries, so that they are not made again. */
export function callsInNotes(texts: readonly string[]): string[] {
  return texts.flatMap((text) => {
    const at = text.indexOf(HEADING);
    return at === -1
      ? []
      : text
          .slice(at)
          .split('\n')
          .flatMap((line) => line.match(/^- (\S+\?.*)$/)?.[1] ?? []);
  });
}
