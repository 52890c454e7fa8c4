import { askQuestion } from '#src/features/chat/server/ask-question.ts';
import { isTerminal, type RunStatus } from '#src/features/sessions/schema.ts';
import type { Database } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { rowsOf, waitFor } from './runs.ts';

export type TurnRow = {
  status: RunStatus;
  stage: RunStatus;
  answer: string | null;
  error: string | null;
};

/** Asks as the API does and returns the turn's id. */
export async function ask(
  kernel: Kernel,
  options: { projectId: string; sessionId: string; message: string; author?: string; authorId?: string },
): Promise<string> {
  const { turnId } = await askQuestion(kernel, { author: 'ann', ...options });
  return turnId;
}

export async function turnOf(database: Database, turnId: string): Promise<TurnRow> {
  const [row] = await rowsOf<TurnRow>(
    database,
    `select f.status, stage.status as stage, stage.result as answer, f.error
     from follow_up f join stage on stage.follow_up_id = f.id where f.id = $1`,
    [turnId],
  );
  if (!row) throw new Error(`no turn ${turnId}`);
  return row;
}

/** Waits until the turn has ended. */
export const waitForAnswer = (database: Database, turnId: string, timeoutMs = 25_000): Promise<TurnRow> =>
  waitFor(
    async () => {
      const turn = await turnOf(database, turnId);
      return isTerminal(turn.status) ? turn : null;
    },
    `turn ${turnId} did not end`,
    timeoutMs,
  );
