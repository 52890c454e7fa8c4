import type { ContainerFact, EventFact, Facts, LogFact, PodFact } from '../facts.ts';
import { isUnhealthy } from '../focus.ts';
import { type LogHit, scanLog } from '../log-signatures.ts';
import { workloadOfPodName } from '../names.ts';
import { type Evidence, evidence, type ObjectRef, type PatternInput } from './finding.ts';

/** Events about a pod, oldest first as listed. */
export function eventsOf(facts: Facts, kind: string, namespace: string, name: string): EventFact[] {
  return facts.events.filter(
    (event) =>
      event.kind === kind && event.name === name && (namespace === '' || event.namespace === namespace),
  );
}

export function podEvents(facts: Facts, pod: PodFact): EventFact[] {
  return eventsOf(facts, 'Pod', pod.namespace, pod.name);
}

/**
 * True for a pod that was marked not ready because its node is. Its containers still show as running: nobody is there to
 * say otherwise.
 */
export function lostItsNode(facts: Facts, pod: PodFact): boolean {
  return podEvents(facts, pod).some((event) => event.reason === 'NodeNotReady');
}

export function podRef(pod: PodFact): ObjectRef {
  return { kind: 'Pod', namespace: pod.namespace, name: pod.name };
}

/** The workload a pod belongs to, by its owner or by the shape of its name. */
export function workloadRef(pod: PodFact): ObjectRef {
  const { kind, name } = pod.owner;
  if (kind === 'ReplicaSet' || kind === '') {
    const hash = pod.labels['pod-template-hash'];
    const deployment =
      hash !== undefined && name.endsWith(`-${hash}`)
        ? name.slice(0, -hash.length - 1)
        : workloadOfPodName(pod.name);
    const generated = deployment !== pod.name;
    return {
      kind: generated ? (/-\d+$/.test(pod.name) && kind === '' ? 'StatefulSet' : 'Deployment') : 'Pod',
      namespace: pod.namespace,
      name: deployment,
    };
  }
  return { kind, namespace: pod.namespace, name };
}

/** A container that ended or cannot start; the one that explains most comes first. */
export function troubledContainers(pod: PodFact): ContainerFact[] {
  return pod.containers
    .filter((container) => container.state.kind !== 'running' || !container.ready || container.restarts > 0)
    .filter(
      (container) =>
        !(container.init && container.state.kind === 'terminated' && container.state.exitCode === 0),
    )
    .filter((container) => container.state.reason !== 'PodInitializing')
    .sort((a, b) => b.restarts - a.restarts);
}

/** True for a container that keeps ending by itself: it waits for its next start, or has ended with an error. */
export function isCrashing(container: ContainerFact): boolean {
  const { state, lastState } = container;
  if (state.kind === 'waiting' && state.reason === 'CrashLoopBackOff') return true;
  if (state.kind === 'terminated') return (state.exitCode ?? 0) !== 0;
  return container.restarts > 0 && !container.ready && lastState.kind === 'terminated';
}

/** The fields of a container's state, as evidence. */
export function stateEvidence(pod: PodFact, container: ContainerFact): Evidence[] {
  const items: Evidence[] = [];
  const { state, lastState } = container;
  if (state.kind === 'waiting' || state.kind === 'terminated') {
    const code = state.exitCode === undefined ? '' : `, exitCode: ${state.exitCode}`;
    const restarts = container.restarts > 0 ? `, restartCount: ${container.restarts}` : '';
    items.push(
      evidence(
        pod.ref,
        `state.${state.kind}.reason: ${state.reason}${code}${restarts}`,
        `container ${container.name} of pod ${pod.name} is not running`,
      ),
    );
  }
  if (lastState.kind === 'terminated') {
    items.push(
      evidence(
        pod.ref,
        `lastState.terminated: reason ${lastState.reason}, exitCode: ${lastState.exitCode ?? '?'}`,
        `how container ${container.name} ended the last time`,
      ),
    );
  }
  return items;
}

/** Logs of a pod, those of the previous (crashed) container first. */
export function logsOf(facts: Facts, pod: PodFact): LogFact[] {
  return facts.logs
    .filter((log) => log.pod === pod.name && (log.namespace === pod.namespace || log.namespace === ''))
    .sort((a, b) => Number(b.previous) - Number(a.previous));
}

/** The lines of a pod's logs that tell of a failure. */
export function logHits(facts: Facts, pod: PodFact): LogHit[] {
  return logsOf(facts, pod).flatMap(scanLog);
}

export function logEvidence(hit: LogHit): Evidence {
  return evidence(
    hit.log.ref,
    hit.line,
    `the log of ${hit.log.pod}${hit.log.previous ? ' before its last restart' : ''}`,
  );
}

export function eventEvidence(event: EventFact): Evidence {
  return evidence(event.ref, `${event.reason}: ${event.message}`, `event on ${event.kind} ${event.name}`);
}

/** Pods whose logs count: those in trouble, and those that the alert names even if they look well. */
export function suspectPods({ facts, focus }: PatternInput): PodFact[] {
  return facts.pods.filter((pod) => isUnhealthy(pod) || pod.restarts > 0 || focus.pods.includes(pod));
}

/** `kubectl rollout restart …` for a workload, or the deletion of a bare pod. */
export function restartCommand(workload: ObjectRef): string {
  return workload.kind === 'Deployment' || workload.kind === 'StatefulSet' || workload.kind === 'DaemonSet'
    ? `kubectl -n ${workload.namespace} rollout restart ${workload.kind.toLowerCase()}/${workload.name}`
    : `kubectl -n ${workload.namespace} delete pod ${workload.name}`;
}

/** `Deployment shop/web` for people. */
export function show(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace === '' ? '' : `${ref.namespace}/`}${ref.name}`;
}
