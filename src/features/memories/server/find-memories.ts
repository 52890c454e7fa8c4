import type { Sql } from '#src/server/db/database.ts';
import { errorMessage } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { Memory } from '../schema.ts';
import { type Embedder, embedderOf, embedMissing, embedQuery } from './embed-memories.ts';
import { MEMORY_COLUMNS, type MemoryRow, memoryView } from './memory-rows.ts';
import { cosine, rankMemories } from './rank-memories.ts';
import { anyOf, sharesWords, significantWords } from './recall-query.ts';
import { CANDIDATES_PER_WAY, MIN_COSINE, QUERY_WORDS_MAX, VECTORS_COMPARED_MAX } from './tunables.ts';

/**
 * The usable memories of a project that bear on a text, best first: by words, and by meaning where a model for embeddings is
 * configured. When that model fails, words have to do.
 */
export async function findMemories(
  kernel: Kernel,
  options: { projectId: string; text: string; limit: number; signal?: AbortSignal },
): Promise<Memory[]> {
  const { projectId, text, limit, signal } = options;
  const { pool } = kernel.database;
  const embedder = embedderOf(kernel);
  const [byWords, byMeaning] = await Promise.all([
    findByWords(pool, projectId, text),
    embedder ? findByMeaning(kernel, embedder, { projectId, text, signal }) : [],
  ]);
  const ids = [...new Set([...byWords, ...byMeaning])];
  if (ids.length === 0) return [];
  const { rows } = await pool.query<MemoryRow>(
    `select ${MEMORY_COLUMNS} from memory m where m.id = any($1) and m.deprecated_at is null`,
    [ids],
  );
  const candidates = rows.map((row) => ({ ...row, lastSeenAt: row.last_seen_at }));
  return rankMemories(candidates, [byWords, byMeaning], new Date()).slice(0, limit).map(memoryView);
}

async function findByWords(sql: Sql, projectId: string, text: string): Promise<string[]> {
  const words = significantWords(text).slice(0, QUERY_WORDS_MAX);
  const query = anyOf(words);
  if (query === null) return [];
  const { rows } = await sql.query<{ id: string; content: string }>(
    `select m.id, m.content from memory m, to_tsquery('simple', $2) query
     where m.project_id = $1 and m.deprecated_at is null and m.search @@ query
     order by ts_rank(m.search, query) desc, m.last_seen_at desc limit $3`,
    [projectId, query, CANDIDATES_PER_WAY * 2],
  );
  return rows
    .filter(({ content }) => sharesWords(content, words))
    .slice(0, CANDIDATES_PER_WAY)
    .map(({ id }) => id);
}

async function findByMeaning(
  kernel: Kernel,
  embedder: Embedder,
  options: { projectId: string; text: string; signal: AbortSignal | undefined },
): Promise<string[]> {
  const { projectId, text, signal } = options;
  try {
    const wanted = await embedQuery(embedder, text, signal);
    await embedMissing(kernel, embedder, { projectId, dimensions: wanted.length, signal }).catch(
      (error: unknown) => {
        signal?.throwIfAborted();
        // A text that the model refuses must not hide those that have their vectors.
        kernel.log.warn({ error: errorMessage(error) }, 'memories without a vector are found by words only');
      },
    );
    const { rows } = await kernel.database.pool.query<{ id: string; embedding: number[] }>(
      `select id, embedding from memory
       where project_id = $1 and deprecated_at is null and embedding_model = $2 order by last_seen_at desc limit $3`,
      [projectId, embedder.name, VECTORS_COMPARED_MAX],
    );
    return rows
      .map(({ id, embedding }) => ({ id, likeness: cosine(wanted, embedding) }))
      .filter(({ likeness }) => likeness >= MIN_COSINE)
      .sort((a, b) => b.likeness - a.likeness)
      .slice(0, CANDIDATES_PER_WAY)
      .map(({ id }) => id);
  } catch (error) {
    signal?.throwIfAborted();
    kernel.log.warn({ error: errorMessage(error) }, 'memories are searched by words only: no embeddings');
    return [];
  }
}
