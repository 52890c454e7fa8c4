import { generaliseIdentifiers } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { embedTexts } from '#src/server/llm/index.ts';
import { EMBED_MISSING_MAX } from './tunables.ts';

/** The configured model for embeddings. `name` marks vectors as its own: those of another model cannot be compared. */
export type Embedder = {
  name: string;
  embed(texts: readonly string[], signal: AbortSignal | undefined): Promise<number[][]>;
};

/** Null when none is configured. */
export function embedderOf(kernel: Kernel): Embedder | null {
  const config = kernel.config.current();
  const { memory, llmProviders } = config;
  const { embedding } = memory;
  const provider = embedding && llmProviders[embedding.provider];
  if (!embedding || !provider) return null;
  const { model, dimensions } = embedding;
  return {
    name: [embedding.provider, model, dimensions].filter((part) => part !== undefined).join('/'),
    embed: (texts, signal) =>
      embedTexts({
        provider: { ...provider, name: embedding.provider },
        model,
        dimensions,
        // Belongs to no session, and may be older than the wish to hide names.
        texts: texts.map((text) => generaliseIdentifiers(config, text)),
        env: kernel.env.variables,
        ...(signal ? { signal } : {}),
      }),
  };
}

export async function embedQuery(
  embedder: Embedder,
  text: string,
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const [vector] = await embedder.embed([text], signal);
  return vector ?? [];
}

/**
 * Gives vectors to memories that are new, changed, or have those of another model: also of one that is behind the same name
 * now, which its number of dimensions tells.
 */
export async function embedMissing(
  kernel: Kernel,
  embedder: Embedder,
  options: { projectId: string; dimensions: number; signal: AbortSignal | undefined },
): Promise<void> {
  const { pool } = kernel.database;
  const { rows } = await pool.query<{ id: string; content: string }>(
    `select id, content from memory
     where project_id = $1 and deprecated_at is null
       and (embedding_model is distinct from $2 or cardinality(embedding) <> $4)
     order by last_seen_at desc limit $3`,
    [options.projectId, embedder.name, EMBED_MISSING_MAX, options.dimensions],
  );
  const vectors = await embedder.embed(
    rows.map(({ content }) => content),
    options.signal,
  );
  for (const [index, { id, content }] of rows.entries()) {
    // Unless it was changed meanwhile.
    await pool.query(
      'update memory set embedding = $3, embedding_model = $4 where id = $1 and content = $2',
      [id, content, vectors[index] ?? [], embedder.name],
    );
  }
}
