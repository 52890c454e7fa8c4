import { ensureLocalAdmin } from '#src/server/auth/first-start.ts';
import { AppError } from '#src/server/errors.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';

/**
 * Makes a project and gives the local administrator, and `ownerId` if given, its admin role. `conflict` when the slug
 * is taken.
 */
export async function createProject(
  kernel: Kernel,
  options: { slug: string; name?: string | undefined; ownerId?: string },
): Promise<{ id: string; slug: string; name: string }> {
  const { userId } = await ensureLocalAdmin(kernel);
  const owners = [...new Set([userId, ...(options.ownerId ? [options.ownerId] : [])])];
  const project = { id: newId(), slug: options.slug, name: options.name ?? options.slug };
  const { rowCount } = await kernel.database.pool.query(
    `with created as (insert into project (id, slug, name) values ($1, $2, $3) on conflict (slug) do nothing returning id)
     insert into membership (project_id, user_id, role)
     select created.id, owner, 'admin' from created, unnest($4::uuid[]) as owner`,
    [project.id, project.slug, project.name, owners],
  );
  if (!rowCount) throw new AppError('conflict', `A project named ${options.slug} exists already.`);
  return project;
}

/** The id of a project by its slug; `not_found` when there is none. For the CLI, which acts without a principal. */
export async function findProject(
  kernel: Kernel,
  slug: string,
): Promise<{ id: string; slug: string; name: string }> {
  const project = await kernel.database.prisma.project.findUnique({
    where: { slug },
    select: { id: true, slug: true, name: true },
  });
  if (!project) throw new AppError('not_found', `There is no project named ${slug}.`);
  return project;
}
