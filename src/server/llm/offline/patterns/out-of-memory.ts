import type { ContainerFact, PodFact } from '../facts.ts';
import { isGrowing, memorySeries } from '../log-signatures.ts';
import { formatBytes, parseMemoryBytes } from '../quantities.ts';
import { distinctEvidence, type Evidence, evidence, type Finding, type PatternInput } from './finding.ts';
import {
  eventEvidence,
  eventsOf,
  logEvidence,
  logHits,
  logsOf,
  podEvents,
  podRef,
  restartCommand,
  show,
  stateEvidence,
  workloadRef,
} from './observe.ts';
import { findOtherRevision } from './other-revision.ts';

/** Share of the limit above which the use of now is telling. */
const NEAR_LIMIT = 0.8;

/** A container that the kernel killed because it reached its memory limit. */
export function findOutOfMemory({ facts }: PatternInput): Finding[] {
  return facts.pods.flatMap((pod) => {
    const container = killedContainer(pod);
    return container ? [explain(facts, pod, container)] : [];
  });
}

/** The container of a pod that the kernel killed for its memory. */
export function killedContainer(pod: PodFact): ContainerFact | undefined {
  return pod.containers.find(
    (item) => item.lastState.reason === 'OOMKilled' || item.state.reason === 'OOMKilled',
  );
}

function explain(facts: PatternInput['facts'], pod: PodFact, container: ContainerFact): Finding {
  const workload = workloadRef(pod);
  const limit = parseMemoryBytes(container.limits.memory ?? '');
  const growth = growthOf(facts, pod);
  const usage = facts.podMetrics.find(
    (item) =>
      item.pod === pod.name &&
      item.namespace === pod.namespace &&
      (item.container === container.name || item.container === ''),
  );
  const heap = logHits(facts, pod)
    .filter((hit) => hit.kind === 'memory')
    .slice(0, 1);
  const other = findOtherRevision(facts, pod, container);
  const limitText =
    limit === undefined ? 'its memory limit' : `its memory limit of ${container.limits.memory}`;
  const systemEvents = [...podEvents(facts, pod), ...eventsOf(facts, 'Node', '', pod.node)]
    .filter((event) => /OOM/i.test(event.reason))
    .slice(0, 1);
  const why = explainUse(growth.growing, usage?.memoryBytes, limit);
  return {
    pattern: 'out-of-memory',
    cause: growth.growing
      ? `${show(workload)} is OOM-killed: container ${container.name} uses more and more memory (a growing heap) until it reaches ${limitText}.`
      : `${show(workload)} is OOM-killed: container ${container.name} needs more memory than ${limitText} allows.`,
    explanation: `The kernel ended the container (OOMKilled, exit code 137) when it reached ${limitText}; it was restarted ${container.restarts} times. ${why}${other ? ` It runs image \`${container.image}\`; another revision of it ran \`${other.image}\`.` : ''}`,
    subject: workload,
    affects: [podRef(pod)],
    confidence: 'high',
    because: growth.growing
      ? 'the state says OOMKilled and the log shows the growth'
      : 'the state of the container says OOMKilled; what fills the memory is less certain',
    evidence: distinctEvidence([
      ...stateEvidence(pod, container),
      ...(limit === undefined
        ? []
        : [
            evidence(
              pod.ref,
              `resources.limits.memory: ${container.limits.memory}`,
              `the limit of container ${container.name}`,
            ),
          ]),
      ...growth.evidence,
      ...heap.map(logEvidence),
      ...(usage ? [evidence(usage.ref, usage.quote, 'memory in use now')] : []),
      ...(other ? [other.evidence] : []),
      ...systemEvents.map(eventEvidence),
    ]),
    remediation: remedies(pod, container, workload, growth.growing, limit),
    prevention: [
      'Alert on memory use above 85 % of the limit for some minutes, before the kill.',
      growth.growing
        ? 'Bound every cache and queue in the application and watch heap size in a soak test before release.'
        : 'Size requests and limits from measured peaks, with headroom.',
    ],
    ruledOut: [
      ...(growth.growing ? [] : ['A growing heap: no steady growth in the log that was read.']),
      "Memory pressure of the whole node: the kill came from the container's own limit.",
    ],
    depth: 3,
  };
}

function explainUse(growing: boolean, usedBytes: number | undefined, limitBytes: number | undefined): string {
  return growing
    ? 'Its own figures in the log rise steadily up to the kill: memory seems to be kept and not given back (a leak, or a cache or queue without bound), so a higher limit would only delay the next kill.'
    : usedBytes !== undefined && limitBytes !== undefined && usedBytes > limitBytes * NEAR_LIMIT
      ? `It already uses ${formatBytes(usedBytes)} of ${formatBytes(limitBytes)} now. No steady growth is visible in the log, so the limit may simply be too low for its work.`
      : 'Whether memory grows without bound or the limit is too low for its work cannot be told from what was read.';
}

/** Whether the log of a pod shows its memory growing, with the lines that do. */
export function growthOf(
  facts: PatternInput['facts'],
  pod: PodFact,
): { growing: boolean; evidence: Evidence[] } {
  for (const log of logsOf(facts, pod)) {
    const series = memorySeries(log);
    const [first, last] = [series[0], series.at(-1)];
    if (!isGrowing(series) || !first || !last) continue;
    return {
      growing: true,
      evidence: [
        evidence(log.ref, last.line, 'the last figure before the end'),
        evidence(log.ref, first.line, 'the first figure of the same log'),
      ],
    };
  }
  return { growing: false, evidence: [] };
}

function remedies(
  pod: PodFact,
  container: ContainerFact,
  workload: { kind: string; namespace: string; name: string },
  growing: boolean,
  limit: number | undefined,
): Finding['remediation'] {
  const target = `${workload.kind.toLowerCase()}/${workload.name}`;
  const raised = limit === undefined ? '<new limit>' : formatBytes(limit * 2);
  const raise = {
    text: growing ? 'To gain time while the leak is found, raise the limit:' : 'Raise the memory limit:',
    command: `kubectl -n ${workload.namespace} set resources ${target} -c ${container.name} --limits=memory=${raised}`,
  };
  const watch = {
    text: 'Watch its memory:',
    command: `kubectl -n ${pod.namespace} top pod ${pod.name} --containers`,
  };
  if (!growing) return [raise, watch];
  const back =
    workload.kind === 'Deployment'
      ? `kubectl -n ${workload.namespace} rollout undo ${target}`
      : restartCommand(workload);
  return [
    raise,
    { text: 'If the growth began with a release, go back to the previous one:', command: back },
    watch,
  ];
}
