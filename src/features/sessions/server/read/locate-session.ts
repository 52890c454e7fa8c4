import { type Principal, requireAccess } from '#src/server/auth/principal.ts';
import { notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';

/**
 * The project of a session, for addresses that name the session only. Throws `not_found` when there is none or the
 * principal cannot see its project, without a difference between the two.
 */
export async function locateSession(
  kernel: Kernel,
  options: { principal: Principal; sessionId: string },
): Promise<{ project: string }> {
  const { rows } = await kernel.database.pool.query<{ id: string; slug: string }>(
    'select p.id, p.slug from session s join project p on p.id = s.project_id where s.id = $1',
    [options.sessionId],
  );
  const project = rows[0];
  if (!project) throw notFound('Session');
  try {
    requireAccess(options.principal, project.id, 'viewer');
  } catch (cause) {
    throw Object.assign(notFound('Session'), { cause });
  }
  return { project: project.slug };
}
