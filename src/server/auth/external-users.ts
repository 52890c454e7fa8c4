import { storable } from '#src/lib/storable-text.ts';
import { lockKeys } from '../db/lock-keys.ts';
import { newId } from '../ids.ts';
import type { Kernel } from '../kernel.ts';
import { defaultProjectId, LOCAL_ADMIN_SUBJECT } from './first-start.ts';

export type ExternalProfile = {
  subject: string;
  name: string;
  email: string | null;
  imageUrl: string | null;
};

/**
 * Creates or refreshes the user that a provider vouches for and returns its id. It starts without any membership,
 * unless no person administers anything yet (the generated local administrator does not count): that first one
 * becomes administrator of the default project.
 */
export async function ensureExternalUser(kernel: Kernel, profile: ExternalProfile): Promise<string> {
  const { email, imageUrl } = profile;
  // Whoever has an account may call themselves anything.
  const name = storable(profile.name);
  return kernel.database.prisma.$transaction(async (tx) => {
    await tx.$queryRaw`select pg_advisory_xact_lock(${lockKeys.firstAdmin})::text`;
    const user = await tx.user.upsert({
      where: { subject: profile.subject },
      create: { id: newId(), subject: profile.subject, name, email, imageUrl },
      update: { name, email, imageUrl },
      select: { id: true },
    });
    const admins = await tx.membership.count({
      where: { role: 'admin', user: { subject: { not: LOCAL_ADMIN_SUBJECT } } },
    });
    if (admins === 0) {
      const projectId = await defaultProjectId(tx);
      await tx.membership.upsert({
        where: { userId_projectId: { userId: user.id, projectId } },
        create: { userId: user.id, projectId, role: 'admin' },
        update: { role: 'admin' },
      });
      kernel.log.info(
        { subject: profile.subject },
        'first person of this installation: administrator of default',
      );
    }
    return user.id;
  });
}

/** The user that the trusted proxy names. An unchanged one costs a read only. */
export async function ensureProxyUser(
  kernel: Kernel,
  proxy: { user: string; email: string | null },
): Promise<string> {
  const subject = `proxy:${proxy.user}`;
  const known = await kernel.database.prisma.user.findUnique({
    where: { subject },
    select: { id: true, email: true },
  });
  if (known && known.email === proxy.email) return known.id;
  return ensureExternalUser(kernel, { subject, name: proxy.user, email: proxy.email, imageUrl: null });
}
