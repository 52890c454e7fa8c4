import { accessActions } from '#src/lib/access-actions.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { AccessEvent } from '../schema.ts';
import { HISTORY_MAX } from './tunables.ts';

/** What was done to a project's members and keys, newest first. */
export async function listAccessEvents(
  kernel: Kernel,
  { projectId }: { projectId: string },
): Promise<AccessEvent[]> {
  const rows = await kernel.database.prisma.accessEvent.findMany({
    where: { projectId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: HISTORY_MAX,
  });
  return rows.flatMap(({ projectId: _project, ...row }) => {
    // A newer version may note more than this one knows.
    const action = accessActions.find((known) => known === row.action);
    return action ? [{ ...row, action, createdAt: row.createdAt.toISOString() }] : [];
  });
}
