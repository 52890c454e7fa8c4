import pg from 'pg';
import { tokenSourceFor, watchableServers } from '#src/features/mcp-servers/server/index.ts';
import { storableJson } from '#src/lib/storable-text.ts';
import { resolveServerMasking } from '#src/server/config/index.ts';
import { lockKeys } from '#src/server/db/lock-keys.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { createMasker, failClosed } from '#src/server/masking/index.ts';
import { type HealthMonitor, type ServerHealth, startHealthMonitor } from '#src/server/mcp/index.ts';
import { MCP_WATCH_INTERVAL_MS } from './tunables.ts';

/**
 * Watches the configured MCP servers from one worker of the installation: whoever holds the lock. Their state, and a warning
 * for each that is down, go to the database for the system page. The lock ends with its connection, so another worker
 * takes over when this one dies.
 */
export function watchMcpServers(kernel: Kernel): { close(): Promise<void> } {
  let leader: { client: pg.Client; monitor: HealthMonitor } | undefined;
  let closed = false;
  let working: Promise<void> = Promise.resolve();

  const step = async () => {
    if (closed) return;
    leader ??= await becomeLeader(kernel, () => void loseLeadership());
    if (!leader) return;
    const servers = await watchableServers(kernel, kernel.config.current());
    await leader.monitor.setServers(servers);
    await saveHealth(kernel, leader.monitor.snapshot(), Object.keys(servers));
  };
  const loseLeadership = async () => {
    const lost = leader;
    leader = undefined;
    await lost?.monitor.close();
    await lost?.client.end().catch(() => undefined);
  };
  const tick = () => {
    working = working.then(step).catch((error: unknown) => {
      kernel.log.warn({ err: error }, 'MCP servers could not be looked at');
    });
  };
  const timer = setInterval(tick, MCP_WATCH_INTERVAL_MS);
  tick();
  return {
    async close() {
      closed = true;
      clearInterval(timer);
      await working;
      await loseLeadership();
    },
  };
}

async function becomeLeader(
  kernel: Kernel,
  onLost: () => void,
): Promise<{ client: pg.Client; monitor: HealthMonitor } | undefined> {
  const client = new pg.Client({ connectionString: kernel.database.url, keepAlive: true });
  client.on('error', onLost);
  try {
    await client.connect();
    const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [
      lockKeys.mcpLeader,
    ]);
    if (rows[0]?.held) {
      const monitor = startHealthMonitor({
        servers: await watchableServers(kernel, kernel.config.current()),
        env: kernel.env.variables,
        maskerFor: (server) => {
          const masker = createMasker(resolveServerMasking(kernel.config.current(), server));
          return { text: (text) => failClosed(masker, text) };
        },
        tokensFor: (server) =>
          tokenSourceFor(kernel, { config: kernel.config.current(), server, actsFor: null }),
        onChange: (server, health) =>
          kernel.log.info({ server, status: health.status, error: health.error }, 'MCP server'),
        logger: kernel.log,
      });
      return { client, monitor };
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  await client.end();
  return undefined;
}

async function saveHealth(
  kernel: Kernel,
  servers: readonly ServerHealth[],
  configured: readonly string[],
): Promise<void> {
  await kernel.database.transaction(async (sql) => {
    await sql.query('delete from mcp_server_status where not (name = any($1))', [configured]);
    await sql.query(`delete from system_warning where key like 'mcp:%' and not (key = any($1))`, [
      servers.filter(isDown).map((server) => `mcp:${server.server}`),
    ]);
    kernel.metrics.mcpHealthy.reset();
    for (const health of servers) {
      const { server, status, error, checkedAt, tools } = health;
      kernel.metrics.mcpHealthy.set({ server }, status === 'healthy' ? 1 : 0);
      if (!checkedAt) continue;
      await sql.query(
        `insert into mcp_server_status (name, status, error, tools, checked_at) values ($1, $2, $3, $4, $5)
         on conflict (name) do update set status = $2, error = $3, tools = $4, checked_at = $5`,
        [server, status, error, JSON.stringify(storableJson(tools)), checkedAt],
      );
      if (!isDown(health)) continue;
      await sql.query(
        `insert into system_warning (key, message) values ($1, $2) on conflict (key) do update set message = $2`,
        [`mcp:${server}`, describeTrouble(health)],
      );
    }
  });
}

const isDown = ({ status }: ServerHealth): boolean => status === 'unhealthy' || status === 'needs_sign_in';

function describeTrouble({ server, status, error }: ServerHealth): string {
  if (status !== 'needs_sign_in') return `MCP server "${server}" cannot be used: ${error ?? 'no answer'}`;
  return `MCP server "${server}" ${error ?? 'needs sign-in.'} An administrator can connect it on the system page.`;
}
