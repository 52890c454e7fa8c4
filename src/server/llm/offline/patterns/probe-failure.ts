import type { ContainerFact, EventFact, Facts, PodFact, ProbeFact } from '../facts.ts';
import { isUnhealthy } from '../focus.ts';
import { listeningPort } from '../log-signatures.ts';
import { distinctEvidence, evidence, type Finding, type PatternInput } from './finding.ts';
import { eventEvidence, logsOf, podEvents, podRef, show, workloadRef } from './observe.ts';

/** A pod whose liveness, readiness or startup probe fails now: it is restarted, or receives no traffic. */
export function findProbeFailure({ facts }: PatternInput): Finding[] {
  return facts.pods.flatMap((pod) => {
    if (!(isUnhealthy(pod) || wasKilledByProbe(facts, pod)) || pod.status === 'Evicted') return [];
    // Replicas share their template: one that was read tells of the others' probes too.
    const read = pod.detailed
      ? pod
      : (facts.pods.find((item) => item.detailed && isReplica(item, pod)) ?? pod);
    const event = podEvents(facts, pod)
      .filter((item) => item.reason === 'Unhealthy')
      .at(-1);
    if (!event) return [];
    const type = event.message.match(/^(Liveness|Readiness|Startup)/i)?.[1]?.toLowerCase() ?? 'readiness';
    const container =
      read.containers.find((item) => item.probes.some((probe) => probe.type === type) && !item.ready) ??
      read.containers.find((item) => item.probes.some((probe) => probe.type === type)) ??
      read.containers.find((item) => item.probes.length > 0);
    const crashed = pod.containers.some(
      (item) =>
        item.state.reason === 'CrashLoopBackOff' &&
        item.lastState.exitCode !== 137 &&
        item.lastState.exitCode !== 143,
    );
    return crashed ? [] : [explain(facts, { pod, read, event, type, container })];
  });
}

/** A container that is up between two kills looks healthy; the kills say that it is not. */
function wasKilledByProbe(facts: Facts, pod: PodFact): boolean {
  return (
    pod.restarts > 0 &&
    podEvents(facts, pod).some(
      (event) => event.reason === 'Killing' && /failed liveness probe/i.test(event.message),
    )
  );
}

function isReplica(a: PodFact, b: PodFact): boolean {
  const [one, other] = [workloadRef(a), workloadRef(b)];
  return one.kind === other.kind && one.namespace === other.namespace && one.name === other.name;
}

type Failing = {
  pod: PodFact;
  /** The pod itself, or a replica of it that was read. */
  read: PodFact;
  event: EventFact;
  type: string;
  container: ContainerFact | undefined;
};

function explain(facts: Facts, { pod, read, event, type, container }: Failing): Finding {
  const workload = workloadRef(pod);
  const probe = container?.probes.find((item) => item.type === type);
  const heard = logsOf(facts, read)
    .map((log) => ({ log, port: listeningPort(log) }))
    .find((item) => item.port !== null);
  const asked = probe && container ? portNumber(probe, container) : undefined;
  const elsewhere = heard?.port && asked !== undefined && heard.port.port !== asked ? heard.port : null;
  const how = readOutcome(event.message, asked);
  const effect =
    type === 'readiness'
      ? 'The pod receives no traffic while it fails.'
      : 'Kubernetes kills and restarts the container when it fails often enough.';
  return {
    pattern: 'probe-failure',
    cause: elsewhere
      ? `${show(workload)} is not healthy because its ${type} probe asks port ${asked}, while the application listens on port ${elsewhere.port}.`
      : `${show(workload)} is not healthy because its ${type} probe fails: ${how}.`,
    explanation: `${probe ? `The ${type} probe (${probe.action}${probe.port ? ` on port ${probe.port}` : ''}${probe.path}) fails: ${how}. ` : ''}${effect}${elsewhere ? ' The log shows the application up on another port, so the port was changed on one side only.' : ''}`,
    subject: workload,
    affects: [podRef(pod)],
    confidence: elsewhere ? 'high' : 'medium',
    because: elsewhere
      ? "the probe's port and the log disagree"
      : 'the probe fails for sure; whether the application or the probe is wrong needs a look at the application',
    evidence: distinctEvidence([
      eventEvidence(event),
      ...(probe
        ? [
            evidence(
              read.ref,
              `${type}Probe: ${probe.action} port ${probe.port || '-'} path ${probe.path || '-'} timeoutSeconds ${probe.timeoutSeconds ?? 1}`,
              `probe of container ${container?.name}`,
            ),
          ]
        : []),
      ...(heard?.port ? [evidence(heard.log.ref, heard.port.line, 'where the application listens')] : []),
    ]),
    remediation: [
      {
        text: elsewhere
          ? `Set the probe's port to ${elsewhere.port} (or the application's back to ${asked}):`
          : 'Compare what the probe asks with what the application answers:',
        command: `kubectl -n ${workload.namespace} edit ${workload.kind.toLowerCase()}/${workload.name}`,
      },
      {
        text: 'Follow the log while it is probed:',
        command: `kubectl -n ${pod.namespace} logs ${pod.name} -f`,
      },
    ],
    prevention: [
      'Name the container port once and use the name in probes and Services.',
      'Give slow starters a startupProbe instead of a short liveness probe.',
    ],
    ruledOut: elsewhere ? ['A crash of the application: it starts and listens.'] : [],
    depth: elsewhere ? 3 : 2,
  };
}

/** What the prober met, in words. */
function readOutcome(message: string, port: number | undefined): string {
  return /connection refused/i.test(message)
    ? `nothing listens ${port === undefined ? 'there' : `on port ${port}`}`
    : /status ?code:? ?(\d+)/i.test(message)
      ? `it answers with status ${message.match(/status ?code:? ?(\d+)/i)?.[1]}`
      : /timeout|deadline/i.test(message)
        ? 'it does not answer in time'
        : 'the check fails';
}

function portNumber(probe: ProbeFact, container: ContainerFact): number | undefined {
  if (/^\d+$/.test(probe.port)) return Number(probe.port);
  return container.ports.find((item) => item.name === probe.port)?.port;
}
