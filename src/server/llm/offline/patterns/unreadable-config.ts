import type { ConfigReference, Facts, PodFact } from '../facts.ts';
import type { LogHit } from '../log-signatures.ts';
import { distinctEvidence, evidence, type Finding, type PatternInput } from './finding.ts';
import {
  isCrashing,
  logEvidence,
  logHits,
  podRef,
  restartCommand,
  show,
  stateEvidence,
  suspectPods,
  troubledContainers,
  workloadRef,
} from './observe.ts';

/** What a program says of why it ends is among the last lines of its log; before that it may only have complained. */
const LAST_LINES = 5;

/** A container that ends because the value of a setting is there and cannot be read, and where the value comes from. */
export function findUnreadableConfig(input: PatternInput): Finding[] {
  const { facts } = input;
  return suspectPods(input).flatMap((pod) => {
    const container = troubledContainers(pod).find(isCrashing);
    const hit = logHits(facts, pod).findLast((item) => item.kind === 'bad_config');
    if (container?.lastState.reason === 'OOMKilled') return [];
    return container && hit?.log.lines.slice(-LAST_LINES).includes(hit.line)
      ? [explain(pod, hit, findSource(facts, pod, hit.name))]
      : [];
  });
}

type Source = Pick<ConfigReference, 'kind' | 'name'> & { key: string; ref: string; keys: string[] };

/** The object that gives the variable: named for it, or taken whole and known to have the key. */
function findSource(facts: Facts, pod: PodFact, variable: string): Source | null {
  for (const reference of pod.containers.flatMap(({ references }) => references)) {
    const { kind, name } = reference;
    const object = facts.configs.find(
      (item) => item.kind === kind && item.namespace === pod.namespace && item.name === name,
    );
    const key = reference.env === variable ? reference.key : variable;
    if (reference.env !== variable && !object?.keys.includes(variable)) continue;
    return { kind, name, key, ref: object?.ref ?? pod.ref, keys: object?.keys ?? [] };
  }
  return null;
}

function explain(pod: PodFact, hit: LogHit, source: Source | null): Finding {
  const workload = workloadRef(pod);
  const { namespace } = pod;
  const from = source ? `${source.kind} ${namespace}/${source.name}` : 'the pod template';
  const container = troubledContainers(pod)[0];
  return {
    pattern: 'unreadable-config',
    cause: `${show(workload)} ends right after every start because the value of \`${hit.name}\`${source ? `, which comes from ${from},` : ''} cannot be parsed.`,
    explanation: `The setting is there; the program refuses its value, as the quoted line of its log says. ${source ? `Container ${container?.name ?? ''} takes it from ${from}.` : 'Where the container takes it from was not found: look for it in the pod template.'}`,
    subject: source ? { kind: source.kind, namespace, name: source.name } : workload,
    affects: [podRef(pod), workload],
    confidence: source ? 'high' : 'medium',
    because: source
      ? 'the log names the setting and the object that gives it has that key'
      : 'the log names the setting, but not where it comes from',
    evidence: distinctEvidence([
      logEvidence(hit),
      ...(source
        ? [
            evidence(
              source.ref,
              source.keys.length > 0
                ? `keys of ${source.kind} ${source.name}: ${source.keys.join(', ')}`
                : `${hit.name} from ${source.kind} ${source.name}, key ${source.key}`,
              `where ${hit.name} comes from`,
            ),
          ]
        : []),
      ...(container ? stateEvidence(pod, container) : []),
    ]),
    remediation: source
      ? [
          {
            text: `Look at the value of ${source.key}, and at what the program expects there:`,
            command: `kubectl -n ${namespace} describe ${source.kind.toLowerCase()} ${source.name}`,
          },
          {
            text: 'Correct it:',
            command: `kubectl -n ${namespace} patch ${source.kind.toLowerCase()} ${source.name} --type merge -p '{"${source.kind === 'Secret' ? 'stringData' : 'data'}":{"${source.key}":"<value>"}}'`,
          },
          { text: 'Then start the pods anew:', command: restartCommand(workload) },
        ]
      : [
          {
            text: `Find where ${hit.name} is set:`,
            command: `kubectl -n ${namespace} get pod ${pod.name} -o yaml`,
          },
        ],
    prevention: [
      'Check values against what the program accepts in CI, before they are rolled out.',
      'Let the rollout fail early: keep maxUnavailable at 0, so that the old pods serve until the new ones are ready.',
    ],
    ruledOut: ['The memory limit: the container was not OOM-killed.'],
    depth: 3,
  };
}
