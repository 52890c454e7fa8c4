import { isServerOfOthers } from '#src/server/config/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { SystemWarning } from '../schema.ts';
import { WARNINGS_LIMIT, WORKER_STALE_MS } from './tunables.ts';

/** What is wrong now, the gravest first: that nothing runs at all, then what workers have written down, newest first. */
export async function readWarnings(kernel: Kernel): Promise<SystemWarning[]> {
  const [silent, rows] = await Promise.all([
    findSilence(kernel),
    kernel.database.prisma.systemWarning.findMany({ orderBy: { createdAt: 'desc' }, take: WARNINGS_LIMIT }),
  ]);
  return [
    ...silent,
    ...rows
      .filter(({ key }) => concerns(kernel, key))
      .map((row) => ({ ...row, createdAt: row.createdAt.toISOString() })),
  ];
}

/** Troubles of other projects' servers are nobody's business here. */
function concerns(kernel: Kernel, key: string): boolean {
  const server = MCP_KEY.exec(key)?.[1];
  return server === undefined || !isServerOfOthers(kernel.config.current(), server);
}
const MCP_KEY = /^mcp:(.+)$/;

/** Found when asked, since no worker is left that could write it down. */
async function findSilence(kernel: Kernel): Promise<SystemWarning[]> {
  const { rows } = await kernel.database.pool.query<{ since: Date }>(
    `select coalesce(max(heartbeat_at), now()) as since from worker_host
     having coalesce(max(heartbeat_at) < now() - $1 * interval '1 millisecond', true)`,
    [WORKER_STALE_MS],
  );
  return rows.map(({ since }) => ({
    key: 'worker',
    message: 'No worker is running: alerts are taken and wait.',
    createdAt: since.toISOString(),
  }));
}
