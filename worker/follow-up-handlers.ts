import { answerQuestion } from '#src/features/chat/server/index.ts';
import type { FollowUpHandlers } from '#src/features/follow-ups/server/index.ts';
import { runReflection } from '#src/features/memories/server/index.ts';
import { runScoring } from '#src/features/scores/server/index.ts';

/** Who does which work on a session after its end. */
export const followUpHandlers: FollowUpHandlers = {
  chat: answerQuestion,
  reflection: runReflection,
  score: runScoring,
};
