import {
  type Batch,
  newStage,
  type StageRow,
  saveStage,
  writeBatch,
} from '#src/features/sessions/server/index.ts';
import type { Transaction } from '#src/server/db/database.ts';
import { newId } from '#src/server/ids.ts';
import type { FollowUpKind } from './follow-up.ts';
import { enqueueFollowUp } from './jobs.ts';
import { startScoring } from './scoring-state.ts';

export type NewFollowUp = {
  sessionId: string;
  kind: FollowUpKind;
  author: string;
  /** The author, when it is a person whose sign-ins are to be used. */
  authorId?: string | null;
  /** Masked by the caller. */
  content?: string;
  data?: Record<string, unknown>;
  stage: { name: string; type: Extract<StageRow['type'], 'chat' | 'scoring'> };
};

/**
 * Inserts a pending follow-up of an ended session, its stage, and the job that will run it, all through the caller's
 * transaction, so that everybody sees it at once. `write` adds items to the same batch. The session is locked first, so that
 * stages are numbered and follow-ups arrive one after the other.
 */
export async function createFollowUp(
  sql: Transaction,
  options: NewFollowUp,
  write?: (batch: Batch, stage: StageRow) => void | Promise<void>,
): Promise<{ followUpId: string; stageId: string }> {
  const { sessionId, kind, author, authorId = null, content = '', data = {} } = options;
  const followUpId = newId();
  return writeBatch(sql, { sessionId }, async (batch) => {
    await sql.query(
      'insert into follow_up (id, session_id, kind, author, author_id, content, data) values ($1, $2, $3, $4, $5, $6, $7)',
      [followUpId, sessionId, kind, author, authorId, content, JSON.stringify(data)],
    );
    // What it will write is removed in its time.
    await sql.query('update session set logs_swept_at = null where id = $1', [sessionId]);
    if (kind === 'score') await startScoring(sql, sessionId);
    const index = await nextStageIndex(sql, sessionId);
    const stage = newStage({
      sessionId,
      index,
      ...options.stage,
      followUpId,
      status: 'pending',
      startedAt: null,
    });
    saveStage(batch, stage);
    await write?.(batch, stage);
    await enqueueFollowUp(sql, followUpId);
    return { followUpId, stageId: stage.id };
  });
}

async function nextStageIndex(sql: Transaction, sessionId: string): Promise<number> {
  const { rows } = await sql.query<{ next: number }>(
    'select coalesce(max(index) + 1, 0) as next from stage where session_id = $1',
    [sessionId],
  );
  return rows[0]?.next ?? 0;
}
