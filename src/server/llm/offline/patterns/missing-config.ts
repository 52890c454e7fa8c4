import type { ConfigReference, Facts, PodFact } from '../facts.ts';
import { isUnhealthy } from '../focus.ts';
import type { LogHit } from '../log-signatures.ts';
import { distinctEvidence, type Evidence, evidence, type Finding, type PatternInput } from './finding.ts';
import {
  eventEvidence,
  isCrashing,
  logEvidence,
  logHits,
  podEvents,
  podRef,
  restartCommand,
  show,
  stateEvidence,
  troubledContainers,
  workloadRef,
} from './observe.ts';

interface Missing {
  kind: 'Secret' | 'ConfigMap';
  namespace: string;
  name: string;
  /** Empty when the whole object is missing. */
  key: string;
  reference: ConfigReference | null;
  evidence: Evidence[];
  /** True when Kubernetes itself or a look at the object says so, not only a log line. */
  confirmed: boolean;
}

/** A Secret, ConfigMap or key that a container needs does not exist: it cannot start, or ends right after its start. */
export function findMissingConfig({ facts }: PatternInput): Finding[] {
  return facts.pods
    .filter((pod) => isUnhealthy(pod) || pod.restarts > 0)
    .flatMap((pod) => {
      const missing = [...toldByKubernetes(facts, pod), ...toldByLog(facts, pod)];
      const best = missing.find((item) => item.confirmed) ?? missing[0];
      return best ? [toFinding(facts, pod, best)] : [];
    });
}

function toldByKubernetes(facts: Facts, pod: PodFact): Missing[] {
  if (!isUnhealthy(pod)) return [];
  const told: { text: string; evidence: Evidence }[] = [
    ...troubledContainers(pod).map((container) => ({
      text: container.state.message,
      evidence: evidence(
        pod.ref,
        `${container.state.reason}: ${container.state.message}`,
        `state of container ${container.name}`,
      ),
    })),
    ...podEvents(facts, pod).map((event) => ({ text: event.message, evidence: eventEvidence(event) })),
  ];
  return told.flatMap(({ text, evidence: quote }): Missing[] => {
    const key = text.match(/couldn't find key (\S+) in (Secret|ConfigMap) (?:([\w.-]+)\/)?([\w.-]+)/i);
    if (key) {
      return [explain(facts, pod, kindOf(key[2]), key[4] ?? '', key[1] ?? '', [quote], true)];
    }
    const whole = text.match(/\b(secret|configmap)s? "([^"]+)" not found/i);
    if (whole) return [explain(facts, pod, kindOf(whole[1]), whole[2] ?? '', '', [quote], true)];
    const volumeKey = text.match(/references non-existent (secret|config) key:? (\S+)/i);
    if (volumeKey) {
      const kind = kindOf(volumeKey[1] === 'secret' ? 'secret' : 'configmap');
      const reference = references(pod).find((item) => item.kind === kind && item.key === volumeKey[2]);
      if (reference) return [explain(facts, pod, kind, reference.name, reference.key, [quote], true)];
    }
    return [];
  });
}

function toldByLog(facts: Facts, pod: PodFact): Missing[] {
  const hits = logHits(facts, pod).filter(
    (hit) => hit.kind === 'missing_config' || hit.kind === 'missing_file',
  );
  const crashing = pod.containers.some(isCrashing) || pod.restarts > 0;
  if (!crashing) return [];
  return hits.flatMap((hit) => {
    const reference = referenceFor(pod, hit);
    if (!reference) return [];
    const key = reference.key || keyFromHit(facts, pod, reference, hit);
    return [explain(facts, pod, reference.kind, reference.name, key, [logEvidence(hit)], false)];
  });
}

/** The reference that would have delivered what the log misses. */
function referenceFor(pod: PodFact, hit: LogHit): ConfigReference | null {
  const all = references(pod);
  if (hit.kind === 'missing_file') {
    return (
      all.find((item) => item.mountPath !== '' && hit.name.startsWith(item.mountPath.replace(/\/?$/, '/'))) ??
      null
    );
  }
  const wanted = hit.name.toLowerCase();
  const same = (text: string) => text !== '' && text.toLowerCase() === wanted;
  return (
    all.find((item) => same(item.env)) ??
    all.find((item) => same(item.key)) ??
    all.find((item) => same(item.name)) ??
    all.find((item) => item.env !== '' && hit.line.includes(item.env)) ??
    all.find((item) => item.env === '' && item.key === '') ??
    null
  );
}

function keyFromHit(facts: Facts, pod: PodFact, reference: ConfigReference, hit: LogHit): string {
  if (hit.kind === 'missing_file') return hit.name.split('/').at(-1) ?? '';
  const object = facts.configs.find(
    (item) =>
      item.kind === reference.kind && item.namespace === pod.namespace && item.name === reference.name,
  );
  return object?.keys.includes(hit.name) ? '' : hit.name;
}

function references(pod: PodFact): ConfigReference[] {
  return pod.containers.flatMap((container) => container.references);
}

/** Adds what a look at the object itself shows: that it is absent, or which keys it has instead. */
function explain(
  facts: Facts,
  pod: PodFact,
  kind: Missing['kind'],
  name: string,
  key: string,
  quotes: Evidence[],
  told: boolean,
): Missing {
  const { namespace } = pod;
  const reference =
    references(pod).find(
      (item) =>
        item.kind === kind && item.name === name && (key === '' || item.key === key || item.env === key),
    ) ?? null;
  const absent = facts.failures.find(
    (failure) =>
      failure.reason === 'not_found' &&
      failure.args.kind === kind &&
      failure.args.name === name &&
      failure.args.namespace === namespace,
  );
  const object = facts.configs.find(
    (item) => item.kind === kind && item.namespace === namespace && item.name === name,
  );
  const lacks = object !== undefined && key !== '' && !object.keys.includes(key);
  const proof = [...quotes];
  if (absent) proof.push(evidence(absent.ref, absent.message, `a look at ${kind} ${name}`));
  if (object && lacks)
    proof.push(
      evidence(
        object.ref,
        `keys of ${kind} ${name}: ${object.keys.join(', ') || '(none)'}`,
        `the object itself: ${key} is not among its keys`,
      ),
    );
  return {
    kind,
    namespace,
    name,
    reference,
    evidence: proof,
    key: absent ? '' : key,
    confirmed: told || absent !== undefined || lacks,
  };
}

function toFinding(facts: Facts, pod: PodFact, missing: Missing): Finding {
  const { kind, namespace, name, key } = missing;
  const workload = workloadRef(pod);
  const object = facts.configs.find(
    (item) => item.kind === kind && item.namespace === namespace && item.name === name,
  );
  const what =
    key === ''
      ? `${kind} ${namespace}/${name} does not exist`
      : `key \`${key}\` is missing from ${kind} ${namespace}/${name}`;
  const container = troubledContainers(pod)[0];
  const wanted = missing.reference?.env
    ? ` as environment variable ${missing.reference.env}`
    : missing.reference?.mountPath
      ? ` as a file in ${missing.reference.mountPath}`
      : '';
  const ends = container && isCrashing(container);
  const verb = ends ? 'ends right after every start' : 'cannot start';
  const has =
    object && key !== ''
      ? ` The ${kind} exists and has the keys ${object.keys.map((item) => `\`${item}\``).join(', ') || '(none)'}.`
      : '';
  return {
    pattern: 'missing-config',
    cause: `${show(workload)} ${verb} because the ${what}.`,
    explanation:
      `Container ${container?.name ?? ''} takes ${key === '' ? `${kind} ${name}` : `key \`${key}\` of ${kind} ${name}`}${wanted}. ` +
      `${key === '' ? 'The object' : 'The key'} is not there, so the container ${ends ? 'stops with an error and Kubernetes restarts it with growing pauses' : 'is never created'}.${has}`,
    subject: { kind, namespace, name },
    affects: [podRef(pod), workload],
    confidence: missing.confirmed ? 'high' : 'medium',
    because: missing.confirmed
      ? 'the reference in the pod, the error and the object itself agree'
      : `the log names it and the pod takes it from ${kind} ${name}, but the ${kind} itself could not be read`,
    evidence: distinctEvidence([...missing.evidence, ...(container ? stateEvidence(pod, container) : [])]),
    remediation: remedies(missing, workload, object?.keys ?? []),
    prevention: [
      `Create ${kind} objects in the same release as the workload that reads them, and check in CI that every referenced key exists.`,
      'Let the rollout fail early: keep maxUnavailable at 0, so that the old pods serve until the new ones are ready.',
    ],
    ruledOut:
      container && container.lastState.reason !== 'OOMKilled'
        ? ['The memory limit: the container was not OOM-killed.']
        : [],
    depth: 3,
  };
}

function remedies(
  missing: Missing,
  workload: { kind: string; namespace: string; name: string },
  keys: string[],
): Finding['remediation'] {
  const { kind, namespace, name, key } = missing;
  const type = kind.toLowerCase();
  const restart = { text: 'Then start the pods anew:', command: restartCommand(workload) };
  if (key === '') {
    const create = kind === 'Secret' ? `create secret generic ${name}` : `create configmap ${name}`;
    return [
      {
        text: `Create the missing ${kind} (or correct the name in the pod template):`,
        command: `kubectl -n ${namespace} ${create} --from-literal=<key>=<value>`,
      },
      restart,
    ];
  }
  const field = kind === 'Secret' ? 'stringData' : 'data';
  return [
    {
      text: `Look at the keys that exist${keys.length > 0 ? ` (${keys.join(', ')})` : ''}; it may be a renamed key:`,
      command: `kubectl -n ${namespace} describe ${type} ${name}`,
    },
    {
      text: 'Add the missing key with its right value:',
      command: `kubectl -n ${namespace} patch ${type} ${name} --type merge -p '{"${field}":{"${key}":"<value>"}}'`,
    },
    {
      ...restart,
      text: 'Or, if the key was renamed on purpose, change the reference in the pod template. Then start the pods anew:',
    },
  ];
}

function kindOf(word: string | undefined): 'Secret' | 'ConfigMap' {
  return word?.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap';
}
