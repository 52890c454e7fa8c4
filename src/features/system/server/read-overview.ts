import { readRetention } from '#src/features/retention/server/index.ts';
import type { Config } from '#src/server/config/schema.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { version } from '#src/server/version.ts';
import type { SystemOverview } from '../schema.ts';
import { describeComponents } from './describe-components.ts';
import { readMcpServers } from './read-mcp-servers.ts';
import { readWarnings } from './read-warnings.ts';
import { readWorkers } from './read-workers.ts';

/** The state of the installation, for the system page, as the person `reader` sees it. */
export async function readOverview(kernel: Kernel, reader: string | null): Promise<SystemOverview> {
  const config = kernel.config.current();
  const [workers, queue, mcpServers, retention, warnings] = await Promise.all([
    readWorkers(kernel),
    readQueue(kernel, config),
    readMcpServers(kernel, reader),
    readRetention(kernel),
    readWarnings(kernel),
  ]);
  const provider = describeProvider(config);
  return {
    version,
    provider,
    components: describeComponents({ workers, queue, mcpServers, provider }),
    workers,
    queue,
    mcpServers,
    retention,
    warnings,
  };
}

function describeProvider(config: Config): SystemOverview['provider'] {
  const name = config.defaults.llmProvider;
  const provider = name === undefined ? undefined : config.llmProviders[name];
  if (name === undefined || !provider)
    return { name: name ?? 'none', type: 'none', model: '', offline: false };
  return { name, type: provider.type, model: provider.model, offline: provider.type === 'offline' };
}

type QueueRow = { pending: number; running: number; waiting: number; oldest: Date | null };

async function readQueue(kernel: Kernel, config: Config): Promise<SystemOverview['queue']> {
  // Three look-ups into the partial indexes of open sessions, never a scan of finished ones.
  const { rows } = await kernel.database.pool.query<QueueRow>(
    `select
       (select count(*) from session where status = 'pending') as pending,
       (select created_at from session where status = 'pending' order by arrival limit 1) as oldest,
       (select count(*) from session where status in ('running', 'cancelling')) as running,
       (select count(*) from session where status = 'waiting') as waiting`,
  );
  const row = rows[0] ?? { pending: 0, running: 0, waiting: 0, oldest: null };
  return {
    pending: row.pending,
    running: row.running,
    waiting: row.waiting,
    maxRunning: config.queue.maxRunningSessions,
    maxPending: config.queue.maxPendingSessions,
    oldestPendingAt: row.oldest?.toISOString() ?? null,
  };
}
