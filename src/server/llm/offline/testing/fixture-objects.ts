/** Kubernetes objects for tests, as short as the patterns allow. */

interface PodOptions {
  namespace: string;
  name: string;
  labels?: Record<string, string>;
  node?: string;
  phase?: string;
  image?: string;
  env?: unknown[];
  ports?: unknown[];
  resources?: unknown;
  readinessProbe?: unknown;
  livenessProbe?: unknown;
  volumes?: unknown[];
  volumeMounts?: unknown[];
  state?: unknown;
  lastState?: unknown;
  ready?: boolean;
  restarts?: number;
  reason?: string;
  message?: string;
  owner?: string;
  /** What the list prints for the last restart; `3m` unless given. */
  restartedAgo?: string;
}

/** A pod with one container `app`; healthy unless told otherwise. */
export function pod(options: PodOptions): Record<string, unknown> {
  const {
    namespace,
    name,
    labels = {},
    node = 'node-1',
    image = 'registry.example/app:1.0',
    ready = true,
  } = options;
  const started = options.phase !== 'Pending' || options.state !== undefined;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    ...(options.restartedAgo ? { restartedAgo: options.restartedAgo } : {}),
    metadata: {
      namespace,
      name,
      labels,
      ...(options.owner ? { ownerReferences: [{ kind: 'ReplicaSet', name: options.owner }] } : {}),
    },
    spec: {
      ...(node === '' ? {} : { nodeName: node }),
      containers: [
        {
          name: 'app',
          image,
          env: options.env ?? [],
          ports: options.ports ?? [],
          resources: options.resources ?? {},
          volumeMounts: options.volumeMounts ?? [],
          ...(options.readinessProbe ? { readinessProbe: options.readinessProbe } : {}),
          ...(options.livenessProbe ? { livenessProbe: options.livenessProbe } : {}),
        },
      ],
      volumes: options.volumes ?? [],
    },
    status: {
      phase: options.phase ?? 'Running',
      ...(options.reason ? { reason: options.reason, message: options.message } : {}),
      containerStatuses: started
        ? [
            {
              name: 'app',
              ready,
              restartCount: options.restarts ?? 0,
              state: options.state ?? { running: { startedAt: '2026-01-01T10:00:00Z' } },
              lastState: options.lastState ?? {},
            },
          ]
        : [],
    },
  };
}

/** A crash loop: waiting for the next start after an exit with `code`. */
export function crashLoop(
  code = 1,
  reason = 'Error',
): { state: unknown; lastState: unknown; ready: boolean; restarts: number } {
  return {
    state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' } },
    lastState: { terminated: { reason, exitCode: code, finishedAt: '2026-01-01T10:00:00Z' } },
    ready: false,
    restarts: 7,
  };
}

/** Any other object. */
export function object(
  kind: string,
  namespace: string,
  name: string,
  body: Record<string, unknown> = {},
  apiVersion = 'v1',
): Record<string, unknown> {
  return {
    apiVersion,
    kind,
    metadata: {
      ...(namespace === '' ? {} : { namespace }),
      name,
      ...(typeof body.labels === 'object' ? { labels: body.labels } : {}),
    },
    ...body,
  };
}
