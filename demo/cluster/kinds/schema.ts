import { z } from 'zod';
import {
  anyMap,
  condition,
  type container,
  type containerStatus,
  intOrString,
  labelSelector,
  objectMeta,
  type ownerReference,
  podSpec,
  podStatus,
  podTemplate,
  quantityMap,
  stringMap,
} from './schema-parts.ts';

/**
 * The parts of each kind that the cluster itself reads. Objects are loose: every other field a client sends is
 * kept and given back unchanged. A violation becomes a 422 with the field's path, as from a real API server.
 */

const base = { apiVersion: z.string().default(''), kind: z.string().default(''), metadata: objectMeta };
const workloadStatus = z
  .looseObject({
    replicas: z.number().optional(),
    readyReplicas: z.number().optional(),
    availableReplicas: z.number().optional(),
    updatedReplicas: z.number().optional(),
    unavailableReplicas: z.number().optional(),
    observedGeneration: z.number().optional(),
    conditions: z.array(condition).optional(),
  })
  .default({});

const anyObject = z.looseObject({ ...base, spec: anyMap.optional(), status: anyMap.optional() });
const claimSpec = z.looseObject({
  accessModes: z.array(z.string()).optional(),
  storageClassName: z.string().optional(),
  volumeName: z.string().optional(),
  resources: z.looseObject({ requests: quantityMap.nullish() }).nullish(),
});

export const servicePort = z.looseObject({
  name: z.string().optional(),
  port: z.number().int().min(1).max(65535),
  protocol: z.string().optional(),
  targetPort: intOrString.optional(),
  nodePort: z.number().optional(),
});

const subset = z.looseObject({
  addresses: z.array(z.looseObject({ ip: z.string() })).optional(),
  notReadyAddresses: z.array(z.looseObject({ ip: z.string() })).optional(),
  ports: z
    .array(z.looseObject({ name: z.string().optional(), port: z.number(), protocol: z.string().optional() }))
    .optional(),
});

const objectReference = z.looseObject({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  namespace: z.string().optional(),
  name: z.string().optional(),
  uid: z.string().optional(),
  fieldPath: z.string().optional(),
});

/** One schema per plural resource name: the single source of the types and of what the edge validates. */
export const kindSchemas = {
  namespaces: z.looseObject({
    ...base,
    status: z.looseObject({ phase: z.string().default('Active') }).default({ phase: 'Active' }),
  }),
  nodes: z.looseObject({
    ...base,
    spec: z
      .looseObject({
        unschedulable: z.boolean().optional(),
        taints: z
          .array(
            z.looseObject({
              key: z.string(),
              value: z.string().optional(),
              effect: z.string(),
              timeAdded: z.string().nullish(),
            }),
          )
          .nullish(),
      })
      .default({}),
    status: z
      .looseObject({
        capacity: quantityMap.default({}),
        allocatable: quantityMap.default({}),
        conditions: z.array(condition).default([]),
        addresses: z.array(z.looseObject({ type: z.string(), address: z.string() })).default([]),
        nodeInfo: stringMap.default({}),
      })
      .default({ capacity: {}, allocatable: {}, conditions: [], addresses: [], nodeInfo: {} }),
  }),
  pods: z.looseObject({
    ...base,
    spec: podSpec,
    status: podStatus.default({ phase: 'Pending', conditions: [], containerStatuses: [] }),
  }),
  services: z.looseObject({
    ...base,
    spec: z
      .looseObject({
        type: z.string().optional(),
        clusterIP: z.string().optional(),
        selector: stringMap.nullish(),
        ports: z.array(servicePort).nullish(),
        externalName: z.string().optional(),
      })
      .default({}),
  }),
  endpoints: z.looseObject({ ...base, subsets: z.array(subset).nullish() }),
  endpointslices: z.looseObject({
    ...base,
    addressType: z.string().default('IPv4'),
    endpoints: z
      .array(
        z.looseObject({
          addresses: z.array(z.string()),
          conditions: z.looseObject({ ready: z.boolean().optional() }).optional(),
        }),
      )
      .nullish(),
    ports: z
      .array(
        z.looseObject({
          name: z.string().nullish(),
          port: z.number().nullish(),
          protocol: z.string().optional(),
        }),
      )
      .nullish(),
  }),
  configmaps: z.looseObject({ ...base, data: stringMap.nullish() }),
  secrets: z.looseObject({
    ...base,
    type: z.string().default('Opaque'),
    data: stringMap.nullish(),
    stringData: stringMap.nullish(),
  }),
  serviceaccounts: anyObject,
  persistentvolumes: z.looseObject({
    ...base,
    spec: z
      .looseObject({
        capacity: quantityMap.optional(),
        accessModes: z.array(z.string()).optional(),
        storageClassName: z.string().optional(),
        claimRef: objectReference.nullish(),
        persistentVolumeReclaimPolicy: z.string().optional(),
      })
      .default({}),
    status: z.looseObject({ phase: z.string().optional() }).default({}),
  }),
  persistentvolumeclaims: z.looseObject({
    ...base,
    spec: claimSpec.default({}),
    status: z.looseObject({ phase: z.string().default('Pending') }).default({ phase: 'Pending' }),
  }),
  events: z.looseObject({
    ...base,
    involvedObject: objectReference.default({}),
    reason: z.string().optional(),
    message: z.string().optional(),
    type: z.string().optional(),
    count: z.number().optional(),
    firstTimestamp: z.string().nullish(),
    lastTimestamp: z.string().nullish(),
    eventTime: z.string().nullish(),
    source: z.looseObject({ component: z.string().optional(), host: z.string().optional() }).default({}),
    reportingComponent: z.string().optional(),
    reportingInstance: z.string().optional(),
  }),
  deployments: z.looseObject({
    ...base,
    spec: z.looseObject({
      replicas: z.number().int().min(0).default(1),
      selector: labelSelector,
      template: podTemplate,
      paused: z.boolean().optional(),
      revisionHistoryLimit: z.number().optional(),
      strategy: z
        .looseObject({
          type: z.string().default('RollingUpdate'),
          rollingUpdate: z
            .looseObject({ maxSurge: intOrString.optional(), maxUnavailable: intOrString.optional() })
            .nullish(),
        })
        .default({ type: 'RollingUpdate' }),
    }),
    status: workloadStatus,
  }),
  replicasets: z.looseObject({
    ...base,
    spec: z.looseObject({
      replicas: z.number().int().min(0).default(1),
      selector: labelSelector,
      template: podTemplate,
    }),
    status: workloadStatus,
  }),
  statefulsets: z.looseObject({
    ...base,
    spec: z.looseObject({
      replicas: z.number().int().min(0).default(1),
      selector: labelSelector,
      serviceName: z.string().optional(),
      template: podTemplate,
      podManagementPolicy: z.string().optional(),
      volumeClaimTemplates: z
        .array(
          z.looseObject({
            metadata: z.looseObject({ name: z.string(), labels: stringMap.nullish() }),
            spec: claimSpec,
          }),
        )
        .nullish(),
    }),
    status: workloadStatus,
  }),
  daemonsets: z.looseObject({
    ...base,
    spec: z.looseObject({ selector: labelSelector, template: podTemplate }),
    status: z
      .looseObject({
        currentNumberScheduled: z.number().optional(),
        desiredNumberScheduled: z.number().optional(),
        numberReady: z.number().optional(),
        numberAvailable: z.number().optional(),
        updatedNumberScheduled: z.number().optional(),
      })
      .default({}),
  }),
  jobs: z.looseObject({
    ...base,
    spec: z.looseObject({
      completions: z.number().optional(),
      parallelism: z.number().optional(),
      backoffLimit: z.number().optional(),
      ttlSecondsAfterFinished: z.number().nullish(),
      template: podTemplate,
    }),
    status: z
      .looseObject({
        active: z.number().optional(),
        succeeded: z.number().optional(),
        failed: z.number().optional(),
        startTime: z.string().optional(),
        completionTime: z.string().optional(),
        conditions: z.array(condition).optional(),
      })
      .default({}),
  }),
  cronjobs: z.looseObject({
    ...base,
    spec: z.looseObject({
      schedule: z.string(),
      suspend: z.boolean().optional(),
      successfulJobsHistoryLimit: z.number().optional(),
      jobTemplate: z.looseObject({
        metadata: z.looseObject({ labels: stringMap.nullish() }).nullish(),
        spec: z.looseObject({ template: podTemplate }),
      }),
    }),
    status: z
      .looseObject({ lastScheduleTime: z.string().nullish(), active: z.array(objectReference).nullish() })
      .default({}),
  }),
  ingresses: anyObject,
  networkpolicies: anyObject,
  storageclasses: z.looseObject({
    ...base,
    provisioner: z.string(),
    volumeBindingMode: z.string().optional(),
    reclaimPolicy: z.string().optional(),
  }),
  horizontalpodautoscalers: z.looseObject({
    ...base,
    spec: z.looseObject({
      scaleTargetRef: z.looseObject({ kind: z.string(), name: z.string() }),
      minReplicas: z.number().optional(),
      maxReplicas: z.number(),
    }),
    status: anyMap.optional(),
  }),
  poddisruptionbudgets: anyObject,
  resourcequotas: anyObject,
};

export type Resource = keyof typeof kindSchemas;
export type KindMap = { [K in Resource]: z.infer<(typeof kindSchemas)[K]> };
export type KubeObject = KindMap[Resource];
export type Pod = KindMap['pods'];
export type Node = KindMap['nodes'];
export type Service = KindMap['services'];
export type Deployment = KindMap['deployments'];
export type ReplicaSet = KindMap['replicasets'];
export type Claim = KindMap['persistentvolumeclaims'];
export type ObjectMeta = z.infer<typeof objectMeta>;
export type PodTemplate = z.infer<typeof podTemplate>;
export type PodSpec = z.infer<typeof podSpec>;
export type Container = z.infer<typeof container>;
export type ContainerStatus = z.infer<typeof containerStatus>;
export type Condition = z.infer<typeof condition>;
export type LabelSelector = z.infer<typeof labelSelector>;
export type OwnerReference = z.infer<typeof ownerReference>;
export type ObjectReference = z.infer<typeof objectReference>;
