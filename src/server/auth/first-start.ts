import type { PrismaClient } from '../db/database.ts';
import { newId } from '../ids.ts';
import type { Kernel } from '../kernel.ts';

export const DEFAULT_PROJECT_SLUG = 'default';
export const LOCAL_ADMIN_SUBJECT = 'local:admin';

type ProjectTable = Pick<PrismaClient, 'project'>;

/** The default project's id; creates the project when an installation has none of that name. */
export async function defaultProjectId(tables: ProjectTable): Promise<string> {
  const project = await tables.project.upsert({
    where: { slug: DEFAULT_PROJECT_SLUG },
    create: { id: newId(), slug: DEFAULT_PROJECT_SLUG, name: 'Default' },
    update: {},
    select: { id: true },
  });
  return project.id;
}

/**
 * Makes sure that there is a project and a local administrator of it. `first` is true when the installation had no
 * user before. Safe to call from several processes at once.
 */
export async function ensureLocalAdmin(kernel: Kernel): Promise<{ userId: string; first: boolean }> {
  const { prisma } = kernel.database;
  const known = await prisma.user.findUnique({
    where: { subject: LOCAL_ADMIN_SUBJECT },
    select: { id: true },
  });
  if (known) return { userId: known.id, first: false };
  return prisma.$transaction(async (tx) => {
    const first = (await tx.user.count()) === 0;
    const projectId = await defaultProjectId(tx);
    const user = await tx.user.upsert({
      where: { subject: LOCAL_ADMIN_SUBJECT },
      create: { id: newId(), subject: LOCAL_ADMIN_SUBJECT, name: 'Administrator' },
      update: {},
      select: { id: true },
    });
    const membership = { userId: user.id, projectId };
    await tx.membership.upsert({
      where: { userId_projectId: membership },
      create: { ...membership, role: 'admin' },
      update: {},
    });
    return { userId: user.id, first };
  });
}
