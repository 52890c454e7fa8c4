import {
  isTerminal,
  type RunStatus,
  type SessionView,
  type TimelineItem,
} from '#src/features/sessions/schema.ts';

/** A question as the page knows it, from the session's stages and entries. */
export type Turn = {
  turnId: string;
  stageId: string;
  status: RunStatus;
  author: string;
  question: string;
  /** The entry to show for it: its answer once there is one, else the question. */
  itemId: string | null;
  error: string | null;
};

/** The questions of a session in the order in which they were asked. */
export function readTurns(stages: SessionView['stages'], items: readonly TimelineItem[]): Turn[] {
  const asked = new Map<string, TimelineItem>();
  const answers = new Map<string, TimelineItem>();
  for (const item of items) {
    if (item.stageId === null) continue;
    if (item.type === 'user_message') asked.set(item.stageId, item);
    if (item.data.answer === true) answers.set(item.stageId, item);
  }
  return stages.flatMap((stage): Turn[] => {
    if (stage.type !== 'chat' || !stage.followUpId) return [];
    const question = asked.get(stage.id);
    const { author } = question?.data ?? {};
    return [
      {
        turnId: stage.followUpId,
        stageId: stage.id,
        status: stage.status,
        author: typeof author === 'string' ? author : '',
        question: question?.content ?? '',
        itemId: (answers.get(stage.id) ?? question)?.id ?? null,
        error: stage.error,
      },
    ];
  });
}

export const isOpen = (turn: Turn): boolean => !isTerminal(turn.status);

/** The last question, when it has got no answer and nothing else is going on: it can be asked again. */
export function unansweredTurn(turns: readonly Turn[]): Turn | null {
  const last = turns.at(-1);
  return last && isTerminal(last.status) && last.status !== 'completed' ? last : null;
}
