import { createExpiringCache } from '../auth/expiring-cache.ts';
import type { Principal } from '../auth/principal.ts';
import { AppError, notFound } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import { PROJECT_CACHE_MS, PROJECT_CACHE_SIZE, SLUG_CACHE_MS } from './tunables.ts';

export const PROJECT_HEADER = 'x-tars-project';
/** The same in an address: links and images cannot send headers. */
export const PROJECT_PARAMETER = 'project';

export type ProjectResolver = (principal: Principal, slug: string | null) => Promise<string>;

/**
 * Which project a REST request is about: the one named by `X-Tars-Project` or `?project=` (a slug), else the key's, else
 * the only one of the person. Whether the principal may act in it is the access check's business, not decided here.
 */
export function createProjectResolver(kernel: Kernel): ProjectResolver {
  const ids = createExpiringCache<string | null>({ ttlMs: PROJECT_CACHE_MS, size: PROJECT_CACHE_SIZE });
  const findId = async (slug: string) =>
    (await kernel.database.prisma.project.findUnique({ where: { slug }, select: { id: true } }))?.id ?? null;

  return async (principal, slug) => {
    if (slug !== null) {
      const id = await ids.get(slug, () => findId(slug));
      if (!id) throw notFound('Project');
      return id;
    }
    if (principal.kind !== 'user') return principal.projectId;
    const [only, ...others] = principal.memberships.keys();
    if (only === undefined)
      throw new AppError('forbidden', 'You belong to no project. Ask an administrator.');
    if (others.length > 0)
      throw new AppError('bad_request', 'Name the project in the X-Tars-Project header.');
    return only;
  };
}

/** A project's name by its id; it never changes. Throws `not_found` for one that is gone. */
export function createSlugReader(kernel: Kernel): (projectId: string) => Promise<string> {
  const slugs = createExpiringCache<string>({ ttlMs: SLUG_CACHE_MS, size: PROJECT_CACHE_SIZE });
  return (projectId) =>
    slugs.get(projectId, async () => {
      const project = await kernel.database.prisma.project.findUnique({
        where: { id: projectId },
        select: { slug: true },
      });
      if (!project) throw notFound('Project');
      return project.slug;
    });
}
