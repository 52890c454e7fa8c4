import { createHash } from 'node:crypto';
import type { Batch } from '#src/features/sessions/server/index.ts';
import { storableJson } from '#src/lib/storable-text.ts';
import type { ToolSpec } from '#src/server/llm/index.ts';
import type { Masker } from '#src/server/masking/index.ts';

/** Writes the definitions that a call carried, in its commit; returns what it names them by, or null when there were none. */
export type SaveToolSet = (batch: Batch, specs: readonly ToolSpec[]) => string | null;

/**
 * Definitions are long and the same from call to call: each distinct set is one row of the session. What has been written is
 * not sent again; a commit that fails ends the run, and the next one begins with a recorder of its own.
 */
export function createToolSetWriter(options: { sessionId: string; masker: Masker }): SaveToolSet {
  const written = new Set<string>();
  return (batch, specs) => {
    if (specs.length === 0) return null;
    const hash = createHash('sha256').update(JSON.stringify(specs)).digest('hex');
    if (written.has(hash)) return hash;
    const tools = specs.map(({ name, description, inputSchema }) => ({
      name,
      description: options.masker.text(description),
      inputSchema: options.masker.json(inputSchema),
    }));
    batch.sql.write(
      'insert into tool_set (session_id, hash, tools) values ($1, $2, $3) on conflict do nothing',
      [options.sessionId, hash, JSON.stringify(storableJson(tools))],
    );
    written.add(hash);
    return hash;
  };
}
