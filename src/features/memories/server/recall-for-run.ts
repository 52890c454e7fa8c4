import type { Hint, RunSession } from '#src/features/agents/server/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import { errorMessage } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { findMemories } from './find-memories.ts';

type Options = { session: Pick<RunSession, 'id' | 'projectId' | 'title' | 'alert'>; signal: AbortSignal };

/** What an alert is about: its title, type, and the values of its labels and annotations. */
export const describeSubject = ({ title, alert }: Options['session']): string =>
  [title, alert.alertType, ...Object.values(alert.labels), ...Object.values(alert.annotations)].join(' ');

/**
 * Reads the memories for a run, once for all of its agents, and notes that the session was given them. Fails open: a run goes
 * on without. A session that was interrupted keeps what it had been given.
 */
export function createRecall(kernel: Kernel, options: Options): () => Promise<readonly Hint[]> {
  let recalled: Promise<readonly Hint[]> | undefined;
  return () => {
    recalled ??= recall(kernel, options).catch((error: unknown) => {
      options.signal.throwIfAborted();
      kernel.log.warn({ error: errorMessage(error) }, 'the run goes on without memories');
      return [];
    });
    return recalled;
  };
}

async function recall(kernel: Kernel, { session, signal }: Options): Promise<readonly Hint[]> {
  const { enabled, maxInjected } = kernel.config.current().memory;
  if (!enabled || maxInjected === 0) return [];
  const { pool } = kernel.database;
  const given = await readGiven(pool, session.id);
  if (given.length > 0) return given;
  const text = describeSubject(session);
  const found = await findMemories(kernel, {
    projectId: session.projectId,
    text,
    limit: maxInjected,
    signal,
  });
  for (const { id } of found) {
    await pool.query(
      'insert into memory_injection (memory_id, session_id) values ($1, $2) on conflict do nothing',
      [id, session.id],
    );
  }
  return found;
}

async function readGiven(sql: Sql, sessionId: string): Promise<Hint[]> {
  const { rows } = await sql.query<Hint>(
    `select m.id, m.content, m.category, m.valence, m.confidence from memory m join memory_injection i on i.memory_id = m.id
     where i.session_id = $1 and m.deprecated_at is null order by i.created_at, m.id`,
    [sessionId],
  );
  return rows;
}
