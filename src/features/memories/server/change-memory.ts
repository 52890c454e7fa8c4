import { storable } from '#src/lib/storable-text.ts';
import { resolveAlertMasking } from '#src/server/config/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import { AppError, notFound } from '#src/server/errors.ts';
import { generaliseIdentifiers } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { createMasker } from '#src/server/masking/index.ts';
import type { EditMemory, Memory, MemoryAction, NewMemory } from '../schema.ts';
import { MEMORY_COLUMNS, type MemoryRow, memoryView } from './memory-rows.ts';
import { insertMemory } from './write-memories.ts';

type Key = { projectId: string; memoryId: string; actor: string };

/** A memory that a person writes. One that is there already is confirmed instead. */
export function createMemory(
  kernel: Kernel,
  options: { projectId: string; actor: string; memory: NewMemory },
): Promise<Memory> {
  const { projectId, actor, memory } = options;
  const { alertType = null, ...draft } = { ...memory, content: clean(kernel, memory.content) };
  return kernel.database.transaction(async (sql) => {
    const origin = { projectId, author: actor, sourceSessionId: null, alertType, chain: null };
    return readMemory(sql, { projectId, memoryId: await insertMemory(sql, draft, origin) });
  });
}

/** Corrects a memory; its author is then whoever corrected it. Throws `not_found` outside the project. */
export async function editMemory(kernel: Kernel, options: Key & { change: EditMemory }): Promise<Memory> {
  const { projectId, memoryId, actor, change } = options;
  const content = change.content === undefined ? null : clean(kernel, change.content);
  const { pool } = kernel.database;
  // A changed text has no vector until the next look-up gives it one.
  await pool.query(
    `update memory set content = coalesce($3, content), category = coalesce($4, category), valence = coalesce($5, valence),
       confidence = coalesce($6, confidence), author = $7, updated_at = now(), last_seen_at = now(),
       embedding_model = case when $3::text is null then embedding_model end
     where id = $1 and project_id = $2`,
    [
      memoryId,
      projectId,
      content,
      change.category ?? null,
      change.valence ?? null,
      change.confidence ?? null,
      actor,
    ],
  );
  const edited = await readMemory(pool, { projectId, memoryId });
  if (change.confidence !== undefined) {
    // What a person says now is not scaled back when a rating that came before is changed.
    await pool.query('update memory_adjustment set factor = 1 where memory_id = $1', [memoryId]);
  }
  return edited;
}

/**
 * Puts a memory out of use, back into use, or deletes it; returns it as it is then, null when deleted. Throws `not_found`
 * outside the project and `conflict` when it is so already.
 */
export async function actOnMemory(
  kernel: Kernel,
  options: Key & { command: MemoryAction },
): Promise<Memory | null> {
  const { projectId, memoryId, actor, command } = options;
  const { pool } = kernel.database;
  const before = await readMemory(pool, { projectId, memoryId });
  switch (command.action) {
    case 'deprecate': {
      if (before.deprecatedAt) throw new AppError('conflict', 'The memory is out of use already.');
      const why = command.why ? clean(kernel, command.why) : `Put out of use by ${actor}.`;
      await pool.query(
        'update memory set deprecated_at = now(), deprecated_why = $3, updated_at = now() where id = $1 and project_id = $2',
        [memoryId, projectId, why],
      );
      return readMemory(pool, { projectId, memoryId });
    }
    case 'restore':
      if (!before.deprecatedAt) throw new AppError('conflict', 'The memory is in use.');
      await pool.query(
        'update memory set deprecated_at = null, deprecated_why = null, updated_at = now() where id = $1 and project_id = $2',
        [memoryId, projectId],
      );
      // A later change of the rating that had deprecated it must not touch it any more.
      await pool.query('delete from memory_adjustment where memory_id = $1 and deprecated', [memoryId]);
      return readMemory(pool, { projectId, memoryId });
    case 'delete':
      await pool.query('delete from memory where id = $1 and project_id = $2', [memoryId, projectId]);
      return null;
  }
}

async function readMemory(
  sql: Sql,
  { projectId, memoryId }: { projectId: string; memoryId: string },
): Promise<Memory> {
  const { rows } = await sql.query<MemoryRow>(
    `select ${MEMORY_COLUMNS} from memory m where m.id = $1 and m.project_id = $2`,
    [memoryId, projectId],
  );
  const row = rows[0];
  if (!row) throw notFound('Memory');
  return memoryView(row);
}

/** People paste log lines. A memory is for all sessions: names that are hidden from models become words for what they are. */
function clean(kernel: Kernel, text: string): string {
  const config = kernel.config.current();
  const masked = createMasker(resolveAlertMasking(config)).text(text);
  return storable(generaliseIdentifiers(config, masked));
}
