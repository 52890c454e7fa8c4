import { AppError, notFound } from '#src/server/errors.ts';
import { openIdentifiers } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';

type Row = { placeholder: string | null; kind: string | null; ciphertext: Buffer | null };

/**
 * What the placeholders of a session stand for; empty when there are none. Throws `not_found` outside of the project and
 * `conflict` when the names cannot be read any more.
 */
export async function readNames(
  kernel: Kernel,
  { projectId, sessionId }: { projectId: string; sessionId: string },
): Promise<Record<string, string>> {
  const { rows } = await kernel.database.pool.query<Row>(
    `select i.placeholder, i.kind, i.ciphertext
     from session s left join masked_identifier i on i.session_id = s.id where s.id = $1 and s.project_id = $2`,
    [sessionId, projectId],
  );
  if (rows.length === 0) throw notFound('Session');
  try {
    const known = openIdentifiers(kernel.secrets, rows);
    return Object.fromEntries(known.map(({ placeholder, value }) => [placeholder, value]));
  } catch (cause) {
    throw new AppError('conflict', 'The names of this session were kept under another AUTH_SECRET.', {
      cause,
    });
  }
}
