import { type Principal, reaches } from '#src/server/auth/principal.ts';
import { AppError } from '#src/server/errors.ts';

/** For what belongs to the installation and to no project: anyone who may view some project. */
export function requireViewerAnywhere(principal: Principal | null): void {
  if (!principal) throw new AppError('unauthorized', 'A valid API key or sign-in is needed.');
  const levels = principal.kind === 'user' ? [...principal.memberships.values()] : [principal.scope];
  if (!levels.some((level) => reaches(level, 'viewer'))) {
    throw new AppError('forbidden', 'This needs the viewer role.');
  }
}
