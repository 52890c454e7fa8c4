import { setTimeout as sleep } from 'node:timers/promises';
import { askedSchema, type ChatTurn, chatTurnSchema } from '#src/features/chat/schema.ts';
import { isTerminal, type RunStatus } from '#src/features/sessions/schema.ts';
import type { ApiClient } from './api-client.ts';
import { CommandError } from './cli-error.ts';
import { WATCH_INTERVAL_MS, WATCH_MAX_FAILURES } from './tunables.ts';

/** What is worth a line while one waits for an answer. */
const told: Partial<Record<RunStatus, string>> = {
  pending: 'Queued behind other questions or waiting for a worker.',
  waiting: "A tool call waits for a decision: approve or deny it on the session's page.",
  cancelling: 'Somebody cancels it.',
};

/**
 * Puts a question to an ended session and waits for the end of its answer; `print` hears of what holds it up. A server that
 * goes away for a while is waited for. Throws a `CommandError` when the question is not taken.
 */
export async function askSession(
  api: ApiClient,
  { id, message }: { id: string; message: string },
  print: (line: string) => void,
): Promise<ChatTurn> {
  const { turnId } = await api.post(`/sessions/${id}/chat`, { message }, askedSchema);
  let status: RunStatus = 'running';
  let failures = 0;
  for (;;) {
    await sleep(WATCH_INTERVAL_MS);
    try {
      const turn = await api.get(`/sessions/${id}/chat/${turnId}`, chatTurnSchema);
      failures = 0;
      if (isTerminal(turn.status)) return turn;
      const line = told[turn.status];
      if (turn.status !== status && line) print(line);
      status = turn.status;
    } catch (error) {
      if (!(error instanceof CommandError) || ++failures >= WATCH_MAX_FAILURES) throw error;
    }
  }
}
