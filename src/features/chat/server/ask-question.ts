import { createFollowUp } from '#src/features/follow-ups/server/index.ts';
import { isTerminal, type RunStatus } from '#src/features/sessions/schema.ts';
import { storable } from '#src/lib/storable-text.ts';
import type { ChainSnapshot } from '#src/server/config/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import { AppError, notFound } from '#src/server/errors.ts';
import { loadSessionMasker } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { CHAT_QUEUE_MAX } from '../schema.ts';

/**
 * Puts a question to an ended session: the turn, its stage and its question in the timeline exist when this returns, and a
 * worker is asked for the answer. Throws `not_found` outside of the project and `conflict` when the session has not ended,
 * its chain has no chat, or too many questions wait.
 */
export async function askQuestion(
  kernel: Kernel,
  options: {
    projectId: string;
    sessionId: string;
    message: string;
    author: string;
    /** The author, when it is a person: the answer uses their sign-ins. */
    authorId?: string | null;
  },
): Promise<{ turnId: string; stageId: string }> {
  const { projectId, sessionId, author, authorId = null } = options;
  return kernel.database.transaction(async (sql) => {
    await requireOpenChat(sql, { projectId, sessionId });
    const masker = await loadSessionMasker(kernel, sql, sessionId);
    const question = storable(masker.text(options.message));
    await masker.identifiers.save(sql);
    const { followUpId, stageId } = await createFollowUp(
      sql,
      {
        sessionId,
        kind: 'chat',
        author,
        authorId,
        content: question,
        stage: { name: `chat with ${author}`, type: 'chat' },
      },
      (batch, stage) => {
        batch.startItem({
          stageId: stage.id,
          executionId: null,
          type: 'user_message',
          status: 'completed',
          content: question,
          data: { author },
        });
      },
    );
    return { turnId: followUpId, stageId };
  });
}

/** Locks the session, so that two questions cannot both take the last place. */
async function requireOpenChat(
  sql: Sql,
  { projectId, sessionId }: { projectId: string; sessionId: string },
): Promise<void> {
  const { rows } = await sql.query<{ status: RunStatus; chain_snapshot: ChainSnapshot }>(
    'select status, chain_snapshot from session where id = $1 and project_id = $2 for no key update',
    [sessionId, projectId],
  );
  const session = rows[0];
  if (!session) throw notFound('Session');
  if (!isTerminal(session.status)) {
    throw new AppError('conflict', `The session has not ended yet (${session.status}); ask when it has.`);
  }
  if (!session.chain_snapshot.chain.chat.enabled) {
    throw new AppError('conflict', `Chat is switched off for the chain "${session.chain_snapshot.name}".`);
  }
  const open = await sql.query<{ count: number }>(
    `select count(*)::int as count from follow_up
     where session_id = $1 and kind = 'chat' and status in ('pending', 'running', 'waiting', 'cancelling')`,
    [sessionId],
  );
  if ((open.rows[0]?.count ?? 0) > CHAT_QUEUE_MAX) {
    throw new AppError(
      'conflict',
      `${CHAT_QUEUE_MAX} questions wait already; ask again when one has been answered.`,
    );
  }
}
