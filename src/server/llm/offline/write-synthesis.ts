import { mergeOutcomes } from './check/write-check-synthesis.ts';
import { type ReadAnalysis, readAnalyses, sectionOf } from './read-analysis.ts';
import type { Conversation } from './read-conversation.ts';
import { SIGNATURE } from './write-parts.ts';

const RANK: Record<string, number> = { high: 3, medium: 2, low: 1 };

/** One analysis out of several: the most certain one leads, the others are named as agreeing or differing. */
export function writeSynthesis(conversation: Conversation): string {
  const analyses = readAnalyses(conversation.lastUser);
  const ranked = [...analyses].sort((a, b) => weight(b) - weight(a));
  const [best, ...others] = ranked;
  if (!best) {
    return `I do not know the cause: there is no analysis in the input that could be compared.\n\n## Root cause\nNone could be taken over.\n\n## Confidence\n**low**: nothing to compare.\n\n${SIGNATURE}`;
  }
  const compared = others.map((other) => `- ${relation(other, best)}: ${other.answer}`).join('\n');
  const sections = [
    'Root cause',
    'Evidence',
    'What to do now',
    'Prevention',
    'Ruled out / looked at',
    'Confidence',
  ]
    .map((title) => ({ title, body: sectionOf(best, title.toLowerCase()) }))
    .filter((section) => section.body !== '')
    .map((section) => `## ${section.title}\n${section.body}`);
  const agreement = compared === '' ? [] : [`## Other analyses\n${compared}`];
  const outcome = mergeOutcomes(conversation.lastUser);
  return [best.answer, ...sections, ...agreement, ...(outcome === null ? [] : [outcome]), SIGNATURE].join(
    '\n\n',
  );
}

const NO_CAUSE = /^(I do not know|No fault found)/;

/** An answer without a cause contradicts nobody: it looked elsewhere, or knew less. */
function relation(other: ReadAnalysis, best: ReadAnalysis): string {
  if (other.answer === best.answer) return 'Agrees';
  return NO_CAUSE.test(other.answer) ? 'Names no cause' : 'Differs';
}

function weight(analysis: ReadAnalysis): number {
  const confidence =
    sectionOf(analysis, 'confidence')
      .match(/\*\*(\w+)\*\*/)?.[1]
      ?.toLowerCase() ?? '';
  const known = NO_CAUSE.test(analysis.answer) ? 0 : 10;
  return known + (RANK[confidence] ?? 0);
}
