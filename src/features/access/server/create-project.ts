import { COMMAND_LINE, noteAccess } from '#src/server/auth/access-events.ts';
import { ensureLocalAdmin } from '#src/server/auth/first-start.ts';
import { AppError } from '#src/server/errors.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { addMemberIn } from './manage-members.ts';

/**
 * Makes a project. Its first administrators are the account of the one-time links, so that it can always be reached from the
 * machine, and `admin` (a login or an e-mail address, see `addMember`). Throws `conflict` when the slug is taken.
 */
export async function createProject(
  kernel: Kernel,
  options: { slug: string; name?: string | undefined; admin?: string | undefined },
): Promise<{ id: string; slug: string; name: string }> {
  const { userId } = await ensureLocalAdmin(kernel);
  const { slug, admin } = options;
  const project = { id: newId(), slug, name: options.name ?? slug };
  await kernel.database.transaction(async (sql) => {
    const { rowCount } = await sql.query(
      'insert into project (id, slug, name) values ($1, $2, $3) on conflict (slug) do nothing',
      [project.id, project.slug, project.name],
    );
    if (!rowCount) throw new AppError('conflict', `A project named ${slug} exists already.`);
    await sql.query(`insert into membership (project_id, user_id, role) values ($1, $2, 'admin')`, [
      project.id,
      userId,
    ]);
    const made = { projectId: project.id, actor: COMMAND_LINE };
    await noteAccess(sql, { ...made, action: 'project_created', subject: slug });
    if (admin !== undefined) await addMemberIn(sql, kernel, { ...made, who: admin, role: 'admin' });
  });
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
