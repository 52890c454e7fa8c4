import { isLabelName, isObjectName } from './names.ts';

/** What the alert is about, as far as its text says. */
export interface Subject {
  /** Namespaces named by a label. */
  namespaces: string[];
  /** Namespaces that prose seems to name; only used when the cluster has them. */
  maybeNamespaces: string[];
  /** Objects named with their kind. */
  objects: { kind: SubjectKind; name: string }[];
  /** Every word of the text that could be an object's name; matched against what the cluster really has. */
  words: Set<string>;
  /** Name of the alert rule, or empty; used in the wording only. */
  alertName: string;
}

export type SubjectKind = 'pod' | 'workload' | 'service' | 'node' | 'claim' | 'job' | 'container' | 'app';

const LABELS: Record<string, SubjectKind | 'namespace'> = {
  namespace: 'namespace',
  exported_namespace: 'namespace',
  kubernetes_namespace: 'namespace',
  kube_namespace: 'namespace',
  k8s_namespace: 'namespace',
  namespace_name: 'namespace',
  'k8s.namespace.name': 'namespace',
  ns: 'namespace',
  project: 'namespace',
  pod: 'pod',
  pod_name: 'pod',
  exported_pod: 'pod',
  kubernetes_pod_name: 'pod',
  'k8s.pod.name': 'pod',
  podname: 'pod',
  deployment: 'workload',
  statefulset: 'workload',
  daemonset: 'workload',
  replicaset: 'workload',
  workload: 'workload',
  'k8s.deployment.name': 'workload',
  kube_deployment: 'workload',
  owner_name: 'workload',
  created_by_name: 'workload',
  service: 'service',
  service_name: 'service',
  svc: 'service',
  endpoint_name: 'service',
  endpoints: 'service',
  kubernetes_service: 'service',
  node: 'node',
  node_name: 'node',
  kubernetes_node: 'node',
  exported_node: 'node',
  nodename: 'node',
  instance: 'node',
  host: 'node',
  'k8s.node.name': 'node',
  persistentvolumeclaim: 'claim',
  pvc: 'claim',
  claim: 'claim',
  volume_claim: 'claim',
  claim_name: 'claim',
  job_name: 'job',
  job: 'job',
  cronjob: 'workload',
  container: 'container',
  container_name: 'container',
  app: 'app',
  application: 'app',
  component: 'app',
  'app.kubernetes.io/name': 'app',
  app_kubernetes_io_name: 'app',
};

const PROSE_KINDS: Record<string, SubjectKind | 'namespace'> = {
  namespace: 'namespace',
  ns: 'namespace',
  pod: 'pod',
  pods: 'pod',
  deployment: 'workload',
  deploy: 'workload',
  statefulset: 'workload',
  daemonset: 'workload',
  workload: 'workload',
  service: 'service',
  svc: 'service',
  endpoint: 'service',
  endpoints: 'service',
  node: 'node',
  worker: 'node',
  host: 'node',
  pvc: 'claim',
  claim: 'claim',
  persistentvolumeclaim: 'claim',
  volume: 'claim',
  job: 'job',
  cronjob: 'workload',
  app: 'app',
  application: 'app',
};

/** Values that name the exporter which measured, not the object that is ill. */
const EXPORTERS =
  /^(kube-state-metrics|node-exporter|prometheus|kubelet|cadvisor|alertmanager|apiserver|metrics)([-.].*)?$/;

/** Labels that say who measured and who was told; their values are not about the fault. */
const ORIGIN =
  /["']?\b(?:prometheus|prometheus_replica|receiver|cluster|generatorURL|externalURL|groupKey|fingerprint|rule_origin)\b["']?\s*[:=]\s*(?:"[^"]*"|'[^']*'|\S+)/g;

const STOP_WORDS = new Set(
  (
    'a an and are as at be been by can could do does down for from had has have in is it its more of on or since so than that ' +
    'the their then there they this to too was we were which while will with not no all any some our your my was were after before ' +
    'pod pods container containers namespace node nodes service services deployment claim volume job app application cluster ' +
    'kubernetes alert critical warning error failed failing firing running pending crash crashing restarting has-been name value ' +
    'status state true false null default-value info none unknown labels annotations summary description severity'
  ).split(' '),
);

/**
 * Reads the names in an alert: labels of JSON, YAML, `key=value` and tables, `ns/name` pairs and prose. All repetitions
 * in the patterns are bounded, since an alert may be long and hostile.
 */
export function readAlert(text: string): Subject {
  const plain = text.replace(ORIGIN, ' ').replace(/https?:\/\/\S+/g, ' ');
  const subject: Subject = {
    namespaces: [],
    maybeNamespaces: [],
    objects: [],
    words: new Set(),
    alertName: '',
  };
  readLabels(plain, subject);
  readProse(plain, subject);
  readPairs(plain, subject);
  const values = plain.replace(/"[\w.-]+"\s*:/g, ' ');
  for (const word of values.match(/[A-Za-z0-9][A-Za-z0-9.-]{0,252}/g) ?? []) {
    const name = word.toLowerCase().replace(/[.-]+$/, '');
    if (name.length >= 2 && !STOP_WORDS.has(name) && isObjectName(name)) subject.words.add(name);
  }
  subject.alertName =
    plain.match(/["']?alert_?name["']?\s*[:=]\s*["']?([A-Za-z0-9_ -]{2,80})/i)?.[1]?.trim() ?? '';
  return subject;
}

function readLabels(text: string, subject: Subject): void {
  const pattern =
    /(?<![\w.-])["'`*]{0,3}([A-Za-z][\w./-]{0,60}?)["'`*]{0,3}\s{0,10}(?:[:=|]|=>)\s{0,10}["'`*]{0,3}([A-Za-z0-9][A-Za-z0-9.:/-]{0,260})/g;
  for (const match of text.matchAll(pattern)) {
    const kind = LABELS[(match[1] ?? '').toLowerCase()];
    const value = (match[2] ?? '').replace(/[.:/-]+$/, '');
    if (kind === undefined) continue;
    add(subject, kind, kind === 'node' ? value.replace(/:\d+$/, '') : value);
  }
}

function readProse(text: string, subject: Subject): void {
  const kinds = Object.keys(PROSE_KINDS).join('|');
  const after = new RegExp(`\\b(${kinds})\\b[\\s"'\`(*:]{1,10}([a-z0-9][a-z0-9./-]{0,260})`, 'gi');
  for (const match of text.matchAll(after)) addProse(subject, match[1] ?? '', match[2] ?? '');
  const before = new RegExp(
    `(?<![a-z0-9.-])([a-z0-9][a-z0-9.-]{0,252})["'\`*)]{0,4}\\s{1,10}(${kinds})\\b`,
    'gi',
  );
  for (const match of text.matchAll(before)) addProse(subject, match[2] ?? '', match[1] ?? '');
}

function addProse(subject: Subject, word: string, rawName: string): void {
  const kind = PROSE_KINDS[word.toLowerCase()];
  const [first = '', second] = rawName.replace(/[.:/-]+$/, '').split('/');
  if (kind === undefined || STOP_WORDS.has(first.toLowerCase())) return;
  if (kind === 'namespace') addMaybeNamespace(subject, first);
  else if (second === undefined) add(subject, kind, first);
  else {
    addMaybeNamespace(subject, first);
    add(subject, kind, second);
  }
}

/** `shop/checkout-6d…` anywhere: a namespace and a pod or workload. */
function readPairs(text: string, subject: Subject): void {
  for (const match of text.matchAll(
    /(?<![\w./-])([a-z0-9][a-z0-9-]{0,62})\/([a-z][a-z0-9.-]{1,252})(?![\w/])/g,
  )) {
    const [, namespace = '', name = ''] = match;
    const known = [...subject.namespaces, ...subject.maybeNamespaces];
    if (known.length === 0) addMaybeNamespace(subject, namespace);
    if (known.length === 0 || known.includes(namespace)) add(subject, 'app', name.replace(/\.+$/, ''));
  }
}

function addMaybeNamespace(subject: Subject, name: string): void {
  if (isLabelName(name) && !STOP_WORDS.has(name) && !subject.maybeNamespaces.includes(name)) {
    subject.maybeNamespaces.push(name);
  }
}

function add(subject: Subject, kind: SubjectKind | 'namespace', value: string): void {
  const name = value.toLowerCase() === value ? value : '';
  if (name === '' || STOP_WORDS.has(name)) return;
  if (kind === 'namespace') {
    if (isLabelName(name) && !subject.namespaces.includes(name)) subject.namespaces.push(name);
    return;
  }
  if (!isObjectName(name) || EXPORTERS.test(name)) return;
  if (!subject.objects.some((object) => object.kind === kind && object.name === name)) {
    subject.objects.push({ kind, name });
  }
}
