import { z } from 'zod';
import { conditionOf, readSignIns } from '#src/features/mcp-servers/server/index.ts';
import { readRetention } from '#src/features/retention/server/index.ts';
import type { Config } from '#src/server/config/schema.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { version } from '#src/server/version.ts';
import { mcpToolSchema, type SystemOverview } from '../schema.ts';
import { describeComponents } from './describe-components.ts';
import {
  TOOL_DESCRIPTION_MAX_CHARS,
  WARNINGS_LIMIT,
  WORKER_SHOWN_MS,
  WORKER_STALE_MS,
  WORKERS_LIMIT,
} from './tunables.ts';

/** The state of the installation, for the system page. */
export async function readOverview(kernel: Kernel): Promise<SystemOverview> {
  const config = kernel.config.current();
  const [workers, queue, mcpServers, retention, warnings] = await Promise.all([
    readWorkers(kernel),
    readQueue(kernel, config),
    readMcpServers(kernel, config),
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

type WorkerRow = {
  id: string;
  hostname: string;
  pid: number;
  concurrency: number;
  heartbeat_at: Date;
  alive: boolean;
  running: number;
};

async function readWorkers(kernel: Kernel): Promise<SystemOverview['workers']> {
  // Ages are told by the database's clock, which also wrote the heartbeats.
  const { rows } = await kernel.database.pool.query<WorkerRow>(
    `select w.id, w.hostname, w.pid, w.concurrency, w.heartbeat_at,
       w.heartbeat_at > now() - $1 * interval '1 millisecond' as alive,
       (select count(*) from session s where s.status in ('running', 'cancelling') and s.lease_owner = w.id) as running
     from worker_host w where w.heartbeat_at > now() - $2 * interval '1 millisecond'
     order by alive desc, w.heartbeat_at desc limit $3`,
    [WORKER_STALE_MS, WORKER_SHOWN_MS, WORKERS_LIMIT],
  );
  return rows.map(({ heartbeat_at, ...row }) => ({ ...row, heartbeatAt: heartbeat_at.toISOString() }));
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

async function readMcpServers(kernel: Kernel, config: Config): Promise<SystemOverview['mcpServers']> {
  const [seen, signIns] = await Promise.all([
    kernel.database.prisma.mcpServerStatus.findMany(),
    readSignIns(kernel),
  ]);
  return Object.keys(config.mcpServers)
    .sort()
    .map((name) => {
      const row = seen.find((status) => status.name === name);
      const signIn = signIns.get(name) ?? null;
      return {
        name,
        ...conditionOf(row ?? { status: 'unknown', error: null, checkedAt: null }, signIn),
        checkedAt: row?.checkedAt.toISOString() ?? null,
        tools: readTools(row?.tools),
        signIn,
      };
    });
}

function readTools(value: unknown): SystemOverview['mcpServers'][number]['tools'] {
  const tools = z.array(mcpToolSchema).catch([]).parse(value);
  return tools.map((tool) => ({
    ...tool,
    description: tool.description.slice(0, TOOL_DESCRIPTION_MAX_CHARS),
  }));
}

async function readWarnings(kernel: Kernel): Promise<SystemOverview['warnings']> {
  const rows = await kernel.database.prisma.systemWarning.findMany({
    orderBy: { createdAt: 'desc' },
    take: WARNINGS_LIMIT,
  });
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}
