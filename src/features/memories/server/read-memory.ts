import { notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { Memory } from '../schema.ts';
import { MEMORY_COLUMNS, type MemoryRow, memoryView } from './memory-rows.ts';

/** One memory of the project. Throws `not_found`. */
export async function readMemory(
  kernel: Kernel,
  options: { projectId: string; memoryId: string },
): Promise<Memory> {
  const { rows } = await kernel.database.pool.query<MemoryRow>(
    `select ${MEMORY_COLUMNS} from memory m where m.id = $1 and m.project_id = $2`,
    [options.memoryId, options.projectId],
  );
  const row = rows[0];
  if (!row) throw notFound('Memory');
  return memoryView(row);
}
