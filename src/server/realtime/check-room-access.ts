import { type Principal, requireAccess } from '../auth/principal.ts';
import { AppError, notFound } from '../errors.ts';
import type { Kernel } from '../kernel.ts';

/** The project's id, if the principal may look at it. Throws `not_found`, `forbidden`. */
export async function checkProjectAccess(
  kernel: Kernel,
  principal: Principal,
  slug: string,
): Promise<string> {
  const { rows } = await kernel.database.pool.query<{ id: string }>(
    'select id from project where slug = $1',
    [slug],
  );
  const project = rows[0];
  if (!project) throw notFound('Project');
  requireAccess(principal, project.id, 'viewer');
  return project.id;
}

/**
 * The number of the session's newest event, if the principal may look at it and is not ahead of it.
 * Throws `not_found`, `forbidden`; `conflict` when `after` is of another history (a restored database).
 */
export async function checkSessionAccess(
  kernel: Kernel,
  principal: Principal,
  request: { project: string; sessionId: string; after: number },
): Promise<{ projectId: string; latest: number }> {
  const projectId = await checkProjectAccess(kernel, principal, request.project);
  const { rows } = await kernel.database.pool.query<{ last_seq: number }>(
    'select last_seq from session where id = $1 and project_id = $2',
    [request.sessionId, projectId],
  );
  const session = rows[0];
  if (!session) throw notFound('Session');
  if (request.after > session.last_seq) {
    throw new AppError('conflict', 'Your state is ahead of the log. Load the session again.');
  }
  return { projectId, latest: session.last_seq };
}
