import { z } from 'zod';
import { decodeCursor, encodeCursor, parseSearch } from '#src/features/sessions/server/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { listMemoriesInputSchema, Memory } from '../schema.ts';
import { MEMORY_COLUMNS, type MemoryRow, memoryView } from './memory-rows.ts';

type Input = { projectId: string } & z.infer<typeof listMemoriesInputSchema>;

const cursorSchema = z.object({ lastSeenMs: z.number().min(0).max(8.64e15), id: z.uuid() });

/** A page of a project's memories, the last confirmed first. Throws `bad_request` for a cursor that is not of this list. */
export async function listMemories(
  kernel: Kernel,
  options: Input,
): Promise<{ items: Memory[]; nextCursor: string | null }> {
  const search = parseSearch(options.q);
  if (search.kind === 'none') return { items: [], nextCursor: null };
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = [`m.project_id = ${bind(options.projectId)}`];
  if (options.state === 'active') conditions.push('m.deprecated_at is null');
  if (options.state === 'deprecated') conditions.push('m.deprecated_at is not null');
  if (options.category) conditions.push(`m.category = ${bind(options.category)}`);
  if (search.kind === 'id')
    conditions.push(`(m.id = ${bind(search.id)} or m.source_session_id = ${bind(search.id)})`);
  if (search.kind === 'text') conditions.push(`m.search @@ to_tsquery('simple', ${bind(search.tsquery)})`);
  if (options.sessionId) {
    const session = bind(options.sessionId);
    conditions.push(
      `(m.source_session_id = ${session} or m.id in (select memory_id from memory_injection where session_id = ${session}))`,
    );
  }
  if (options.cursor) {
    const after = decodeCursor(options.cursor, cursorSchema);
    conditions.push(
      `(m.last_seen_at, m.id) < (${bind(new Date(after.lastSeenMs))}, ${bind(after.id)}::uuid)`,
    );
  }
  const { rows } = await kernel.database.pool.query<MemoryRow>(
    `select ${MEMORY_COLUMNS} from memory m where ${conditions.join(' and ')}
     order by m.last_seen_at desc, m.id desc limit ${bind(options.limit + 1)}`,
    values,
  );
  const page = rows.slice(0, options.limit);
  const last = page.at(-1);
  const more = last && rows.length > options.limit;
  return {
    items: page.map(memoryView),
    nextCursor: more ? encodeCursor({ lastSeenMs: last.last_seen_at.getTime(), id: last.id }) : null,
  };
}
