import type { Kernel } from '#src/server/kernel.ts';
import type { SessionKey } from './read-session.ts';
import { OUTPUT_SLICE_DEFAULT, OUTPUT_SLICE_MAX } from './tunables.ts';
import { whyMissing } from './why-missing.ts';

type OutputKey = SessionKey & { outputId: string };

export type OutputSlice = {
  text: string;
  /** Characters (Unicode code points) of the whole output. */
  totalChars: number;
  /** Where the next slice begins; null at the end. */
  nextOffset: number | null;
};

/** A slice of a spilled tool output; `offset` and `limit` count code points. Throws `not_found`, and `gone` when retention removed it. */
export async function readOutputSlice(
  kernel: Kernel,
  options: OutputKey & { offset?: number | undefined; limit?: number | undefined },
): Promise<OutputSlice> {
  const offset = options.offset ?? 0;
  const limit = Math.min(options.limit ?? OUTPUT_SLICE_DEFAULT, OUTPUT_SLICE_MAX);
  const { rows } = await kernel.database.pool.query<{ text: string; total: number }>(
    `select substr(o.content, $4::int + 1, $5::int) as text, char_length(o.content) as total
     from tool_output o join session s on s.id = o.session_id
     where o.id = $1 and o.session_id = $2 and s.project_id = $3`,
    [options.outputId, options.sessionId, options.projectId, offset, limit],
  );
  const row = rows[0];
  if (!row) throw await whyMissing(kernel, { ...options, what: 'Output' });
  const end = offset + limit;
  return { text: row.text, totalChars: row.total, nextOffset: end < row.total ? end : null };
}

/** The whole of a spilled tool output, masked as it was stored. Throws `not_found`, and `gone` when retention removed it. */
export async function readOutput(kernel: Kernel, options: OutputKey): Promise<string> {
  const { rows } = await kernel.database.pool.query<{ content: string }>(
    `select o.content from tool_output o join session s on s.id = o.session_id
     where o.id = $1 and o.session_id = $2 and s.project_id = $3`,
    [options.outputId, options.sessionId, options.projectId],
  );
  const row = rows[0];
  if (!row) throw await whyMissing(kernel, { ...options, what: 'Output' });
  return row.content;
}
