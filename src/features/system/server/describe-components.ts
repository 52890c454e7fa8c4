import type { SystemOverview } from '../schema.ts';

type Facts = Pick<SystemOverview, 'workers' | 'queue' | 'mcpServers' | 'provider'>;
type Component = SystemOverview['components'][number];

/** The health of each part in one line. Called with facts from the database, so that one answers. */
export function describeComponents(facts: Facts): Component[] {
  return [
    { name: 'database', status: 'ok', detail: 'answers' },
    describeWorkers(facts),
    describeQueue(facts),
    describeMcpServers(facts),
    describeModel(facts),
  ];
}

function describeWorkers({ workers }: Facts): Component {
  const alive = workers.filter((worker) => worker.alive);
  if (alive.length === 0) return { name: 'worker', status: 'down', detail: 'none is running: sessions wait' };
  const slots = alive.reduce((sum, worker) => sum + worker.concurrency, 0);
  return { name: 'worker', status: 'ok', detail: `${alive.length} alive, ${slots} at a time` };
}

function describeQueue({ queue }: Facts): Component {
  const detail = `${queue.running} of ${queue.maxRunning} running, ${queue.pending} of ${queue.maxPending} waiting`;
  return { name: 'queue', status: queue.pending >= queue.maxPending ? 'degraded' : 'ok', detail };
}

function describeMcpServers({ mcpServers }: Facts): Component {
  if (mcpServers.length === 0) return { name: 'MCP servers', status: 'ok', detail: 'none configured' };
  const waiting = mcpServers.filter((server) => server.status === 'needs_sign_in');
  const bad = mcpServers.filter((server) => server.error !== null && !waiting.includes(server));
  const troubles = [
    { what: 'not answering', servers: bad },
    { what: 'need sign-in', servers: waiting },
  ].flatMap(({ what, servers }) =>
    servers.length > 0 ? [`${what}: ${servers.map((server) => server.name).join(', ')}`] : [],
  );
  if (troubles.length > 0) return { name: 'MCP servers', status: 'degraded', detail: troubles.join('; ') };
  return { name: 'MCP servers', status: 'ok', detail: `${mcpServers.length} configured` };
}

function describeModel({ provider }: Facts): Component {
  if (provider.type === 'none') return { name: 'model', status: 'down', detail: 'no provider is configured' };
  const detail = provider.offline ? 'offline analyst (rule-based)' : `${provider.name}: ${provider.model}`;
  return { name: 'model', status: 'ok', detail };
}
