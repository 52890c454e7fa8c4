/**
 * What tool results say, as typed Kubernetes facts. Each fact keeps `ref`, the id of the tool call it was read from,
 * and where useful `quote`, the line of the output that says it.
 */

interface Sourced {
  /** Id of the tool call in the conversation. */
  ref: string;
}

export interface ContainerState {
  kind: 'waiting' | 'running' | 'terminated' | 'unknown';
  reason: string;
  message: string;
  exitCode?: number;
  startedAt: string;
  finishedAt: string;
}

/** A reference from a container to a Secret or ConfigMap. `key` is empty when the whole object is taken. */
export interface ConfigReference {
  kind: 'Secret' | 'ConfigMap';
  name: string;
  key: string;
  /** Environment variable, or empty for a volume. */
  env: string;
  /** Where a volume is mounted, or empty for the environment. */
  mountPath: string;
  optional: boolean;
}

export interface ProbeFact {
  type: 'liveness' | 'readiness' | 'startup';
  /** `httpGet`, `tcpSocket`, `exec` or `grpc`. */
  action: string;
  port: string;
  path: string;
  initialDelaySeconds?: number;
  timeoutSeconds?: number;
}

export interface ContainerFact {
  name: string;
  image: string;
  init: boolean;
  ready: boolean;
  restarts: number;
  state: ContainerState;
  lastState: ContainerState;
  limits: Record<string, string>;
  requests: Record<string, string>;
  ports: { name: string; port: number; protocol: string }[];
  references: ConfigReference[];
  probes: ProbeFact[];
}

export interface ConditionFact {
  type: string;
  status: string;
  reason: string;
  message: string;
  since: string;
}

export interface PodFact extends Sourced {
  namespace: string;
  name: string;
  /** What `kubectl get pods` prints in STATUS, or the phase when only the object was read. */
  status: string;
  readyCount: number;
  containerCount: number;
  restarts: number;
  node: string;
  labels: Record<string, string>;
  owner: { kind: string; name: string };
  /** Reason and message of the pod itself (`Evicted`). */
  reason: string;
  message: string;
  conditions: ConditionFact[];
  containers: ContainerFact[];
  claims: string[];
  nodeSelector: Record<string, string>;
  /** True when the whole object was read, not only its line in a list. */
  detailed: boolean;
  serviceAccount: string;
  /** The line of the list, when it was listed. */
  quote: string;
  listRef: string;
}

export interface EventFact extends Sourced {
  namespace: string;
  type: string;
  reason: string;
  kind: string;
  name: string;
  message: string;
  timestamp: string;
}

export interface LogFact extends Sourced {
  namespace: string;
  pod: string;
  container: string;
  previous: boolean;
  lines: string[];
}

export interface ServicePort {
  name: string;
  port: number;
  targetPort: string;
  protocol: string;
}

export interface ServiceFact extends Sourced {
  namespace: string;
  name: string;
  type: string;
  selector: Record<string, string>;
  ports: ServicePort[];
  detailed: boolean;
  quote: string;
}

export interface EndpointsFact extends Sourced {
  namespace: string;
  service: string;
  ready: number;
  notReady: number;
  quote: string;
}

export interface ClaimFact extends Sourced {
  namespace: string;
  name: string;
  phase: string;
  storageClass: string;
  volumeName: string;
  accessModes: string[];
  request: string;
  quote: string;
}

interface StorageClassFact extends Sourced {
  name: string;
  provisioner: string;
  bindingMode: string;
  isDefault: boolean;
  quote: string;
}

interface VolumeFact extends Sourced {
  name: string;
  phase: string;
  storageClass: string;
  capacity: string;
  quote: string;
}

export interface NodeFact extends Sourced {
  name: string;
  /** STATUS of the list (`Ready`, `NotReady,SchedulingDisabled`), or derived from the conditions. */
  status: string;
  conditions: ConditionFact[];
  taints: { key: string; effect: string; value: string }[];
  unschedulable: boolean;
  allocatable: Record<string, string>;
  labels: Record<string, string>;
  detailed: boolean;
  quote: string;
}

export interface PodMetricFact extends Sourced {
  namespace: string;
  pod: string;
  container: string;
  cpuMillis: number;
  memoryBytes: number;
  quote: string;
}

export interface NodeMetricFact extends Sourced {
  name: string;
  cpuPercent?: number;
  memoryPercent?: number;
  quote: string;
}

/** A container as a pod template describes it. */
export interface TemplateContainer {
  name: string;
  image: string;
  /** `resources.limits.memory`, or empty. */
  memoryLimit: string;
}

/** The template of a workload and how far its controller has carried it out; only of complete objects. */
export interface WorkloadTemplate {
  containers: TemplateContainer[];
  /** The pod template without the images and without the controller's own label, in one stable text. */
  shape: string;
  /** The status is about the object as it is now, not about an earlier generation. */
  observed: boolean;
  /** Pods of all revisions. */
  total: number;
}

export interface WorkloadFact extends Sourced {
  kind: string;
  namespace: string;
  name: string;
  desired: number;
  ready: number;
  updated: number;
  images: string[];
  template: WorkloadTemplate | null;
  labels: Record<string, string>;
  selector: Record<string, string>;
  owner: string;
  revision: number;
  conditions: ConditionFact[];
  failed: number;
  succeeded: number;
  detailed: boolean;
  quote: string;
}

/** A Secret or ConfigMap: the names of its keys, never values. */
interface ConfigFact extends Sourced {
  kind: 'Secret' | 'ConfigMap';
  namespace: string;
  name: string;
  keys: string[];
}

/** Whom one rule of a policy admits. Null: everybody, or every port. */
export interface PolicyRule {
  peers: PolicyPeer[] | null;
  /** Numbers or names of ports of the pod. */
  ports: string[] | null;
}

export interface PolicyPeer {
  /** Null: only the policy's own namespace (where `pods` is given), or an address range. */
  namespaces: LabelSelector | null;
  pods: LabelSelector | null;
  addresses: string;
}

export interface LabelSelector {
  labels: Record<string, string>;
  /** It also has expressions, which are not compared. */
  isPartial: boolean;
}

export interface PolicyFact extends Sourced {
  namespace: string;
  name: string;
  selector: LabelSelector;
  /** Whether it says who may come in. */
  isIngress: boolean;
  rules: PolicyRule[];
  detailed: boolean;
  quote: string;
}

interface QuotaFact extends Sourced {
  namespace: string;
  name: string;
  quote: string;
}

export interface FailureFact extends Sourced {
  tool: string;
  args: Record<string, unknown>;
  reason: 'not_found' | 'forbidden' | 'unavailable' | 'other';
  message: string;
}

/** A list that was read in full: what is not in it does not exist. */
interface ListedFact extends Sourced {
  kind: string;
  /** Empty for all namespaces or cluster-scoped kinds. */
  namespace: string;
  filtered: boolean;
  count: number;
}

export interface Facts {
  pods: PodFact[];
  events: EventFact[];
  logs: LogFact[];
  services: ServiceFact[];
  endpoints: EndpointsFact[];
  claims: ClaimFact[];
  storageClasses: StorageClassFact[];
  volumes: VolumeFact[];
  nodes: NodeFact[];
  podMetrics: PodMetricFact[];
  nodeMetrics: NodeMetricFact[];
  workloads: WorkloadFact[];
  configs: ConfigFact[];
  quotas: QuotaFact[];
  policies: PolicyFact[];
  namespaces: string[];
  failures: FailureFact[];
  listed: ListedFact[];
}

/** Facts before anything was read. */
export function noFacts(): Facts {
  return {
    pods: [],
    events: [],
    logs: [],
    services: [],
    endpoints: [],
    claims: [],
    storageClasses: [],
    volumes: [],
    nodes: [],
    podMetrics: [],
    nodeMetrics: [],
    workloads: [],
    configs: [],
    quotas: [],
    policies: [],
    namespaces: [],
    failures: [],
    listed: [],
  };
}
