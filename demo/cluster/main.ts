import { parseArgs } from 'node:util';
import { startCluster } from './index.ts';

/**
 * Process entry. Options: --port, --kubeconfig <path to write>, --incidents a,b (or "all"), --seed, --token; or
 * DEMO_CLUSTER_PORT, DEMO_CLUSTER_KUBECONFIG, DEMO_CLUSTER_INCIDENTS, DEMO_CLUSTER_SEED, DEMO_CLUSTER_TOKEN.
 * Prints one JSON line when ready and exits 0 on SIGTERM or SIGINT.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      kubeconfig: { type: 'string' },
      incidents: { type: 'string' },
      seed: { type: 'string' },
      token: { type: 'string' },
    },
  });
  const { env } = process;
  const read = (option: string | undefined, variable: string) => option ?? env[`DEMO_CLUSTER_${variable}`];
  const seed = read(values.seed, 'SEED');
  const token = read(values.token, 'TOKEN');
  const cluster = await startCluster({
    port: Number(read(values.port, 'PORT') ?? 0),
    incidents: await wantedIncidents(read(values.incidents, 'INCIDENTS')),
    ...(seed ? { seed } : {}),
    ...(token ? { token } : {}),
  });
  const path = read(values.kubeconfig, 'KUBECONFIG');
  if (path) await cluster.writeKubeconfig(path);
  // Before anybody is told that it is ready: whoever hears it may stop it at once.
  const stop = () => void cluster.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const ready = {
    ready: true,
    url: cluster.url,
    port: cluster.port,
    adminUrl: cluster.adminUrl,
    token: cluster.token,
    kubeconfig: path ?? null,
    incidents: cluster.activeIncidents(),
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

async function wantedIncidents(text: string | undefined): Promise<string[]> {
  if (text !== 'all') return (text ?? '').split(',').filter(Boolean);
  const { incidents } = await import('../incidents/index.ts');
  return incidents.map((incident) => incident.id);
}

main().catch((error: unknown) => {
  process.stderr.write(`demo cluster: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
