/** Builders of the shop's manifests, as plain objects in the shape of the API. */

export interface Manifest {
  resource:
    | 'namespaces'
    | 'nodes'
    | 'services'
    | 'configmaps'
    | 'secrets'
    | 'deployments'
    | 'statefulsets'
    | 'daemonsets'
    | 'cronjobs'
    | 'ingresses'
    | 'networkpolicies'
    | 'storageclasses'
    | 'horizontalpodautoscalers'
    | 'poddisruptionbudgets'
    | 'resourcequotas'
    | 'persistentvolumeclaims';
  object: Record<string, unknown>;
}

export interface WorkloadSpec {
  namespace: string;
  name: string;
  image: string;
  replicas?: number;
  port?: number;
  servicePort?: number;
  cpu: [request: string, limit: string | null];
  memory: [request: string, limit: string | null];
  envFromSecrets?: string[];
  envFromConfigMaps?: string[];
  env?: Record<string, string>;
  secretMount?: { secret: string; path: string };
  nodeSelector?: Record<string, string>;
  probePath?: string | null;
  claim?: { name: string; size: string; storageClass: string; path: string };
  critical?: boolean;
  args?: string[];
}

export function labelsOf(name: string): Record<string, string> {
  return { 'app.kubernetes.io/name': name };
}

function resources(spec: WorkloadSpec): Record<string, unknown> {
  const limits = {
    ...(spec.cpu[1] ? { cpu: spec.cpu[1] } : {}),
    ...(spec.memory[1] ? { memory: spec.memory[1] } : {}),
  };
  return {
    requests: { cpu: spec.cpu[0], memory: spec.memory[0] },
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
  };
}

function probes(spec: WorkloadSpec): Record<string, unknown> {
  if (spec.port === undefined) return {};
  const check =
    spec.probePath === null
      ? { tcpSocket: { port: spec.port } }
      : { httpGet: { path: spec.probePath ?? '/healthz', port: 'http', scheme: 'HTTP' } };
  return {
    readinessProbe: {
      ...check,
      periodSeconds: 10,
      timeoutSeconds: 1,
      successThreshold: 1,
      failureThreshold: 3,
    },
    livenessProbe: {
      ...check,
      initialDelaySeconds: 15,
      periodSeconds: 20,
      timeoutSeconds: 1,
      successThreshold: 1,
      failureThreshold: 3,
    },
  };
}

/** The pod template of a workload. */
export function podTemplateOf(spec: WorkloadSpec): Record<string, unknown> {
  const mounts = [
    ...(spec.secretMount ? [{ name: 'credentials', mountPath: spec.secretMount.path, readOnly: true }] : []),
    ...(spec.claim ? [{ name: spec.claim.name, mountPath: spec.claim.path }] : []),
  ];
  const envFrom = [
    ...(spec.envFromSecrets ?? []).map((name) => ({ secretRef: { name } })),
    ...(spec.envFromConfigMaps ?? []).map((name) => ({ configMapRef: { name } })),
  ];
  const env = Object.entries(spec.env ?? {}).map(([name, value]) => ({ name, value }));
  const container = {
    name: spec.name,
    image: spec.image,
    ...(spec.args ? { args: spec.args } : {}),
    ...(spec.port === undefined
      ? {}
      : {
          ports: [
            { name: spec.probePath === null ? 'tcp' : 'http', containerPort: spec.port, protocol: 'TCP' },
          ],
        }),
    ...(envFrom.length > 0 ? { envFrom } : {}),
    ...(env.length > 0 ? { env } : {}),
    resources: resources(spec),
    ...probes(spec),
    ...(mounts.length > 0 ? { volumeMounts: mounts } : {}),
  };
  return {
    metadata: { labels: labelsOf(spec.name) },
    spec: {
      containers: [container],
      ...(spec.secretMount
        ? { volumes: [{ name: 'credentials', secret: { secretName: spec.secretMount.secret } }] }
        : {}),
      ...(spec.nodeSelector ? { nodeSelector: spec.nodeSelector } : {}),
      ...(spec.critical
        ? {
            priorityClassName: 'system-cluster-critical',
            priority: 2_000_000_000,
            tolerations: [{ operator: 'Exists' }],
          }
        : {}),
    },
  };
}

export function deployment(spec: WorkloadSpec): Manifest {
  return {
    resource: 'deployments',
    object: {
      metadata: { name: spec.name, namespace: spec.namespace, labels: labelsOf(spec.name) },
      spec: {
        replicas: spec.replicas ?? 2,
        selector: { matchLabels: labelsOf(spec.name) },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        template: podTemplateOf(spec),
      },
    },
  };
}

export function statefulSet(spec: WorkloadSpec): Manifest {
  const { claim } = spec;
  const templates = claim
    ? [
        {
          metadata: { name: claim.name },
          spec: {
            accessModes: ['ReadWriteOnce'],
            storageClassName: claim.storageClass,
            resources: { requests: { storage: claim.size } },
          },
        },
      ]
    : [];
  return {
    resource: 'statefulsets',
    object: {
      metadata: { name: spec.name, namespace: spec.namespace, labels: labelsOf(spec.name) },
      spec: {
        replicas: spec.replicas ?? 1,
        serviceName: spec.name,
        selector: { matchLabels: labelsOf(spec.name) },
        template: podTemplateOf(spec),
        volumeClaimTemplates: templates,
      },
    },
  };
}

export function daemonSet(spec: WorkloadSpec): Manifest {
  return {
    resource: 'daemonsets',
    object: {
      metadata: { name: spec.name, namespace: spec.namespace, labels: labelsOf(spec.name) },
      spec: {
        selector: { matchLabels: labelsOf(spec.name) },
        template: podTemplateOf({ ...spec, critical: true }),
      },
    },
  };
}

/** The Service in front of a workload. */
export function service(spec: WorkloadSpec, clusterIP: string): Manifest {
  const targetPort = spec.probePath === null ? 'tcp' : 'http';
  return {
    resource: 'services',
    object: {
      metadata: { name: spec.name, namespace: spec.namespace, labels: labelsOf(spec.name) },
      spec: {
        type: 'ClusterIP',
        clusterIP,
        clusterIPs: [clusterIP],
        selector: labelsOf(spec.name),
        sessionAffinity: 'None',
        ports: [{ name: targetPort, port: spec.servicePort ?? spec.port, protocol: 'TCP', targetPort }],
      },
    },
  };
}

export function configMap(namespace: string, name: string, data: Record<string, string>): Manifest {
  return { resource: 'configmaps', object: { metadata: { name, namespace }, data } };
}

export function secret(namespace: string, name: string, values: Record<string, string>): Manifest {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  return { resource: 'secrets', object: { metadata: { name, namespace }, type: 'Opaque', data } };
}
