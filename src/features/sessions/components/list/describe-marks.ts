import { formatQuantity } from '#src/lib/format-number.ts';
import type { SessionListItem } from '../../schema.ts';

type MarkName =
  | 'changed'
  | 'action'
  | 'parallel'
  | 'subAgents'
  | 'fallback'
  | 'chat'
  | 'scoring'
  | 'scoringFailed'
  | 'timeline';
/** `count` where there is more to say than that it is so. */
export type Mark = { name: MarkName; words: string; count?: number };

/** What is out of the ordinary about a run, the gravest first. */
export function describeMarks(session: SessionListItem): Mark[] {
  const { changed, actionStage, parallel, subAgents, providerFallbacks, chatTurns, scoring } = session;
  const marks: (Mark | false)[] = [
    session.foundInTimeline && { name: 'timeline', words: 'Found in the timeline' },
    changed && { name: 'changed', words: 'Changed something' },
    actionStage && !changed && { name: 'action', words: 'Has a stage that acts; nothing was changed' },
    providerFallbacks > 0 && {
      name: 'fallback',
      words: `Another provider had to answer: ${formatQuantity(providerFallbacks, 'time')}`,
      count: providerFallbacks,
    },
    parallel && { name: 'parallel', words: 'Agents side by side' },
    subAgents > 0 && { name: 'subAgents', words: formatQuantity(subAgents, 'sub-agent'), count: subAgents },
    chatTurns > 0 && {
      name: 'chat',
      words: `${formatQuantity(chatTurns, 'question')} in the chat`,
      count: chatTurns,
    },
    scoring === 'running' && { name: 'scoring', words: 'Being scored' },
    scoring === 'failed' && { name: 'scoringFailed', words: 'Scoring failed' },
  ];
  return marks.filter((mark) => mark !== false);
}

/** Such as "2 of 3 stages", where a run ended before all of them; null otherwise. */
export function describeStages({ stages, completedAt }: SessionListItem): string | null {
  if (completedAt === null || stages.done >= stages.total) return null;
  return `${stages.done} of ${formatQuantity(stages.total, 'stage')}`;
}
