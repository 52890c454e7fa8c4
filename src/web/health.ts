import { createExpiringCache } from '#src/server/auth/expiring-cache.ts';
import { countPendingMigrations } from '#src/server/db/schema-version.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { version } from '#src/server/version.ts';
import { HEALTH_CACHE_MS, HEALTH_DATABASE_TIMEOUT_MS, WORKER_STALE_MS } from './tunables.ts';

export type ComponentStatus = 'ok' | 'degraded' | 'down';
export type HealthComponent = { name: string; status: ComponentStatus; detail: string };
export type Health = { status: ComponentStatus; version: string; components: HealthComponent[] };

/** Live updates reach the browser through it; null when the process has none. */
export type RelayState = () => 'listening' | 'polling' | 'stopped';

/**
 * Readiness: `down` (503) when the database or its schema cannot serve requests or the process is going away; `degraded`
 * (still 200) when answers work but investigations do not move (no worker) or arrive late (relay polling).
 */
export function createHealthCheck(options: {
  kernel: Kernel;
  relay: RelayState | null;
  isStopping: () => boolean;
}): () => Promise<Health> {
  const cache = createExpiringCache<HealthComponent[]>({ ttlMs: HEALTH_CACHE_MS, size: 1 });
  return async () => {
    const components = await cache.get('components', () => inspect(options.kernel, options.relay));
    const all: HealthComponent[] = options.isStopping()
      ? [...components, { name: 'web', status: 'down', detail: 'shutting down' }]
      : components;
    return { status: worst(all), version, components: all };
  };
}

function worst(components: readonly HealthComponent[]): ComponentStatus {
  if (components.some((component) => component.status === 'down')) return 'down';
  return components.some((component) => component.status === 'degraded') ? 'degraded' : 'ok';
}

async function inspect(kernel: Kernel, relay: RelayState | null): Promise<HealthComponent[]> {
  const database = await inspectDatabase(kernel);
  if (database.status === 'down') return [database];
  const [schema, worker] = await Promise.all([
    guarded('schema', () => inspectSchema(kernel)),
    guarded('worker', () => inspectWorkers(kernel)),
  ]);
  return [database, schema, worker, ...(relay ? [inspectRelay(relay)] : [])];
}

async function inspectDatabase(kernel: Kernel): Promise<HealthComponent> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('late')), HEALTH_DATABASE_TIMEOUT_MS);
  });
  try {
    const started = performance.now();
    await Promise.race([kernel.database.pool.query('select 1'), late]);
    return {
      name: 'database',
      status: 'ok',
      detail: `answers in ${Math.round(performance.now() - started)} ms`,
    };
  } catch {
    return { name: 'database', status: 'down', detail: 'does not answer' };
  } finally {
    clearTimeout(timer);
  }
}

async function guarded(name: string, check: () => Promise<HealthComponent>): Promise<HealthComponent> {
  return check().catch(() => ({ name, status: 'down' as const, detail: 'cannot be read' }));
}

async function inspectSchema(kernel: Kernel): Promise<HealthComponent> {
  const pending = await countPendingMigrations(kernel.database);
  return pending === 0
    ? { name: 'schema', status: 'ok', detail: 'up to date' }
    : { name: 'schema', status: 'down', detail: `${pending} migrations are missing: run tars migrate` };
}

async function inspectWorkers(kernel: Kernel): Promise<HealthComponent> {
  const alive = await kernel.database.prisma.workerHost.count({
    where: { heartbeatAt: { gt: new Date(Date.now() - WORKER_STALE_MS) } },
  });
  return alive > 0
    ? { name: 'worker', status: 'ok', detail: `${alive} alive` }
    : { name: 'worker', status: 'degraded', detail: 'no worker is running: alerts are taken and wait' };
}

function inspectRelay(relay: RelayState): HealthComponent {
  const state = relay();
  switch (state) {
    case 'listening':
      return { name: 'relay', status: 'ok', detail: 'listening' };
    case 'polling':
      return { name: 'relay', status: 'degraded', detail: 'polling: live updates are late' };
    case 'stopped':
      return { name: 'relay', status: 'down', detail: 'stopped' };
  }
}
