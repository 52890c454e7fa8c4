import { notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { type ToolSet, toolSetSchema } from '../../schema.ts';
import type { SessionKey } from './read-session.ts';

/** The definitions of tools that calls of a session carried (`request.toolSet`). Throws `not_found`, also when retention removed them. */
export async function readToolSet(kernel: Kernel, options: SessionKey & { hash: string }): Promise<ToolSet> {
  const { rows } = await kernel.database.pool.query<{ hash: string; tools: unknown }>(
    `select t.hash, t.tools from tool_set t join session s on s.id = t.session_id
     where t.session_id = $1 and t.hash = $2 and s.project_id = $3`,
    [options.sessionId, options.hash, options.projectId],
  );
  if (!rows[0]) throw notFound('Set of tools');
  return toolSetSchema.parse(rows[0]);
}
