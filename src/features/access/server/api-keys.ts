import { hashToken, newToken } from '#src/server/crypto.ts';
import { notFound } from '#src/server/errors.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { ApiKeyView, KeyScope } from '../schema.ts';

const PREFIX_LENGTH = 12;
/** Keys of one project in a list; nobody reads more, and revoked ones pile up at the end. */
const LIST_MAX = 500;

const view = {
  id: true,
  name: true,
  scope: true,
  prefix: true,
  createdAt: true,
  lastUsedAt: true,
  revokedAt: true,
} as const;

type Row = Omit<ApiKeyView, 'createdAt' | 'lastUsedAt' | 'revokedAt'> & {
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
};

const toView = (row: Row): ApiKeyView => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  revokedAt: row.revokedAt?.toISOString() ?? null,
});

/** Makes a key of a project. `key` is `tars_` and 256 random bits, returned here and never again: only its hash stays. */
export async function createApiKey(
  kernel: Kernel,
  options: { projectId: string; name: string; scope: KeyScope },
): Promise<{ key: string; item: ApiKeyView }> {
  const key = `tars_${newToken()}`;
  const row = await kernel.database.prisma.apiKey.create({
    data: { id: newId(), ...options, prefix: key.slice(0, PREFIX_LENGTH), hash: hashToken(key) },
    select: view,
  });
  return { key, item: toView(row) };
}

/** Keys of a project: the valid ones first, newest first. */
export async function listApiKeys(kernel: Kernel, options: { projectId: string }): Promise<ApiKeyView[]> {
  const rows = await kernel.database.prisma.apiKey.findMany({
    where: { projectId: options.projectId },
    orderBy: [{ revokedAt: { sort: 'desc', nulls: 'first' } }, { createdAt: 'desc' }],
    take: LIST_MAX,
    select: view,
  });
  return rows.map(toView);
}

/** Revokes a key for good; every process stops taking it within `PRINCIPAL_CACHE_MS`. 404 for those of other projects. */
export async function revokeApiKey(
  kernel: Kernel,
  options: { projectId: string; id: string },
): Promise<void> {
  const { count } = await kernel.database.prisma.apiKey.updateMany({
    where: { id: options.id, projectId: options.projectId },
    data: { revokedAt: new Date() },
  });
  if (count === 0) throw notFound('Key');
}
