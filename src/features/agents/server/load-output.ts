import type { RunContext } from './run-context.ts';

/** The whole of a kept output of this session, or null. */
export async function loadOutput(context: RunContext, outputId: string): Promise<string | null> {
  const { rows } = await context.kernel.database.pool.query<{ content: string }>(
    'select content from tool_output where session_id = $1 and id::text = $2',
    [context.session.id, outputId],
  );
  return rows[0]?.content ?? null;
}
