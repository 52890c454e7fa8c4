import { z } from 'zod';

/** The parts that several kinds share: metadata, selectors, pod templates, conditions. */

export const stringMap = z.record(z.string(), z.string());
export const anyMap = z.record(z.string(), z.unknown());
export const intOrString = z.union([z.number().int(), z.string()]);
export const quantityMap = z.record(z.string(), z.union([z.string(), z.number()]));

export const ownerReference = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().optional(),
});

export const objectMeta = z.looseObject({
  name: z.string().min(1),
  namespace: z.string().optional(),
  uid: z.string().default(''),
  resourceVersion: z.string().default(''),
  creationTimestamp: z
    .string()
    .nullish()
    .transform((v) => v ?? ''),
  generation: z.number().optional(),
  deletionTimestamp: z.string().nullish(),
  deletionGracePeriodSeconds: z.number().nullish(),
  generateName: z.string().optional(),
  labels: stringMap.nullish(),
  annotations: stringMap.nullish(),
  ownerReferences: z.array(ownerReference).nullish(),
  finalizers: z.array(z.string()).nullish(),
});

export const labelSelector = z.looseObject({
  matchLabels: stringMap.nullish(),
  matchExpressions: z
    .array(z.looseObject({ key: z.string(), operator: z.string(), values: z.array(z.string()).nullish() }))
    .nullish(),
});

const keyRef = z.looseObject({ name: z.string(), key: z.string(), optional: z.boolean().optional() });
const nameRef = z.looseObject({ name: z.string(), optional: z.boolean().optional() });

/** Left out, these are what a real API server fills in; two templates that mean the same then read the same. */
const probe = z.looseObject({
  httpGet: z.looseObject({ path: z.string().optional(), port: intOrString }).nullish(),
  tcpSocket: z.looseObject({ port: intOrString }).nullish(),
  exec: z.looseObject({ command: z.array(z.string()).optional() }).nullish(),
  initialDelaySeconds: z.number().optional(),
  timeoutSeconds: z.number().default(1),
  periodSeconds: z.number().default(10),
  successThreshold: z.number().default(1),
  failureThreshold: z.number().default(3),
});

export const container = z.looseObject({
  name: z.string().min(1),
  image: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z
    .array(
      z.looseObject({
        name: z.string(),
        value: z.string().optional(),
        valueFrom: z
          .looseObject({ secretKeyRef: keyRef.nullish(), configMapKeyRef: keyRef.nullish() })
          .nullish(),
      }),
    )
    .nullish(),
  envFrom: z
    .array(z.looseObject({ secretRef: nameRef.nullish(), configMapRef: nameRef.nullish() }))
    .nullish(),
  ports: z
    .array(
      z.looseObject({
        name: z.string().optional(),
        containerPort: z.number().int(),
        protocol: z.string().optional(),
      }),
    )
    .nullish(),
  resources: z.looseObject({ requests: quantityMap.nullish(), limits: quantityMap.nullish() }).nullish(),
  livenessProbe: probe.nullish(),
  readinessProbe: probe.nullish(),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).nullish(),
  imagePullPolicy: z.string().optional(),
});

const toleration = z.looseObject({
  key: z.string().optional(),
  operator: z.string().optional(),
  value: z.string().optional(),
  effect: z.string().optional(),
});

export const podSpec = z.looseObject({
  containers: z.array(container).min(1),
  nodeName: z.string().optional(),
  nodeSelector: stringMap.nullish(),
  tolerations: z.array(toleration).nullish(),
  restartPolicy: z.string().optional(),
  terminationGracePeriodSeconds: z.number().nullish(),
  priority: z.number().optional(),
  volumes: z
    .array(
      z.looseObject({
        name: z.string(),
        persistentVolumeClaim: z.looseObject({ claimName: z.string() }).nullish(),
        secret: z.looseObject({ secretName: z.string(), optional: z.boolean().optional() }).nullish(),
        configMap: z.looseObject({ name: z.string(), optional: z.boolean().optional() }).nullish(),
      }),
    )
    .nullish(),
});

export const condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
  lastTransitionTime: z.string().nullish(),
  lastHeartbeatTime: z.string().nullish(),
  lastProbeTime: z.string().nullish(),
  lastUpdateTime: z.string().nullish(),
});

const containerState = z.looseObject({
  waiting: z.looseObject({ reason: z.string().optional(), message: z.string().optional() }).optional(),
  running: z.looseObject({ startedAt: z.string() }).optional(),
  terminated: z
    .looseObject({
      exitCode: z.number(),
      reason: z.string().optional(),
      startedAt: z.string(),
      finishedAt: z.string(),
    })
    .optional(),
});

export const containerStatus = z.looseObject({
  name: z.string(),
  image: z.string(),
  imageID: z.string(),
  containerID: z.string().optional(),
  ready: z.boolean(),
  started: z.boolean(),
  restartCount: z.number(),
  state: containerState,
  lastState: containerState,
});

export const podStatus = z.looseObject({
  phase: z.string().default('Pending'),
  reason: z.string().optional(),
  message: z.string().optional(),
  podIP: z.string().optional(),
  hostIP: z.string().optional(),
  startTime: z.string().optional(),
  qosClass: z.string().optional(),
  conditions: z.array(condition).default([]),
  containerStatuses: z.array(containerStatus).default([]),
});

export const podTemplate = z.looseObject({
  metadata: z
    .looseObject({ labels: stringMap.nullish(), annotations: stringMap.nullish() })
    .nullish()
    .transform((v) => v ?? {}),
  spec: podSpec,
});
