import type { McpServerConfig } from '#src/server/config/index.ts';

type Origin = Pick<McpServerConfig, 'cluster' | 'clusterArgument'>;

/**
 * The cluster that a call looked at: the argument that names one, else the one that its server stands for; null where the
 * configuration says neither.
 */
export function clusterOf(server: Origin | undefined, args: Record<string, unknown>): string | null {
  const named = server?.clusterArgument === undefined ? undefined : args[server.clusterArgument];
  return typeof named === 'string' && named !== '' ? named : (server?.cluster ?? null);
}

/** What a model is told of where the results of a server come from; null where there is nothing to tell. */
export function describeClusters(name: string, { cluster, clusterArgument }: Origin): string | null {
  const lines = [
    cluster === undefined ? '' : `Results of "${name}" are about the cluster ${cluster}.`,
    clusterArgument === undefined
      ? ''
      : `The argument "${clusterArgument}" chooses the cluster${cluster === undefined ? '; always give it' : ''}.`,
  ].filter(Boolean);
  if (lines.length === 0) return null;
  return `${lines.join(' ')} When you speak of more than one cluster, name the cluster with each claim.`;
}
