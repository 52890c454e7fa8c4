import { notFound } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { ConfiguredCheck } from './start-run.ts';

/** The configured checks of a project, by name. */
export async function findChecks(kernel: Kernel, projectId: string): Promise<ConfiguredCheck[]> {
  const { rows } = await kernel.database.pool.query<{ slug: string }>(
    'select slug from project where id = $1',
    [projectId],
  );
  const slug = rows[0]?.slug;
  return Object.entries(kernel.config.current().checks)
    .filter(([, check]) => check.project === slug)
    .map(([name, check]) => ({ name, check, projectId }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Throws `not_found` when the project has no such check. */
export async function findCheck(
  kernel: Kernel,
  { projectId, name }: { projectId: string; name: string },
): Promise<ConfiguredCheck> {
  const found = (await findChecks(kernel, projectId)).find((configured) => configured.name === name);
  if (!found) throw notFound('Check');
  return found;
}
