import type { ContainerFact, PodFact } from '../facts.ts';
import type { LogHit } from '../log-signatures.ts';
import { distinctEvidence, evidence, type Finding, type PatternInput } from './finding.ts';
import {
  eventEvidence,
  isCrashing,
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

const START_ERROR =
  /executable file not found|exec format error|no such file or directory|permission denied|failed to create containerd task|RunContainerError|StartError/i;

/** Errors of the application itself, as against what it calls. */
const OF_ITS_OWN: ReadonlySet<LogHit['kind']> = new Set<LogHit['kind']>([
  'fatal',
  'missing_config',
  'bad_config',
  'missing_file',
]);

/** A container that keeps ending by itself: the error in its log, or an error when it is started. */
export function findCrashLoop({ facts }: PatternInput): Finding[] {
  return facts.pods.flatMap((pod) => {
    if (pod.status === 'Evicted') return [];
    const container =
      pod.containers.find(isCrashing) ??
      pod.containers.find((item) =>
        /^(RunContainerError|CreateContainerError|StartError)$/.test(item.state.reason),
      );
    if (!container) return [];
    const killed = [container.lastState, container.state].some((state) => state.reason === 'OOMKilled');
    if (killed) return [];
    return [fromStart(pod, container) ?? fromLog(facts, pod, container)];
  });
}

function fromStart(pod: PodFact, container: ContainerFact): Finding | null {
  const state = [container.state, container.lastState].find((item) => START_ERROR.test(item.message));
  if (!state) return null;
  return {
    ...base(pod, container),
    cause: `${show(workloadRef(pod))} cannot start: the container's command cannot be run.`,
    explanation: `The container runtime refuses to start container ${container.name}: ${state.message.slice(0, 200)}. The command, its permissions or the CPU architecture of the image is wrong.`,
    confidence: 'high',
    because: 'the runtime itself reports it',
    evidence: distinctEvidence([
      evidence(pod.ref, `${state.reason}: ${state.message}`, `state of container ${container.name}`),
      ...stateEvidence(pod, container),
    ]),
    depth: 3,
  };
}

function fromLog(facts: PatternInput['facts'], pod: PodFact, container: ContainerFact): Finding {
  const hits = logHits(facts, pod);
  const fatal = hits.filter(({ kind }) => OF_ITS_OWN.has(kind)).at(-1) ?? hits.at(-1);
  const log = logsOf(facts, pod)[0];
  const lastLine = log?.lines.at(-1);
  const code = container.lastState.exitCode ?? container.state.exitCode;
  const told = fatal?.line ?? lastLine;
  const events = podEvents(facts, pod)
    .filter((event) => event.reason === 'BackOff')
    .slice(0, 1);
  return {
    ...base(pod, container),
    cause: fatal
      ? `${show(workloadRef(pod))} crashes at run time with an error of the application itself: "${fatal.line.trim().slice(0, 140)}".`
      : `${show(workloadRef(pod))} keeps crashing${code === undefined ? '' : ` with exit code ${code}`}, and its log does not name an error that the rules know.`,
    explanation:
      `Container ${container.name} was restarted ${container.restarts} times${code === undefined ? '' : `; it ended with exit code ${code}${exitMeaning(code)}`}. ` +
      (fatal
        ? 'The quoted line is the last error it wrote before it ended.'
        : told
          ? 'The last line of its log is quoted below.'
          : 'No log of the crashed container was available.'),
    confidence: fatal ? 'medium' : 'low',
    because: fatal
      ? 'the log of the crashed container names the error, but why the application fails there is its own matter'
      : 'no line of the log could be recognised as the error',
    evidence: distinctEvidence([
      ...(fatal
        ? [logEvidence(fatal)]
        : log && lastLine
          ? [evidence(log.ref, lastLine, `last line of the log of ${pod.name}`)]
          : []),
      ...stateEvidence(pod, container),
      ...events.map(eventEvidence),
    ]),
    depth: fatal ? 2 : 1,
  };
}

function base(
  pod: PodFact,
  container: ContainerFact,
): Omit<Finding, 'cause' | 'explanation' | 'confidence' | 'because' | 'evidence' | 'depth'> {
  const workload = workloadRef(pod);
  return {
    pattern: 'crash-loop',
    subject: workload,
    affects: [podRef(pod)],
    remediation: [
      {
        text: 'Read the whole log of the crashed container:',
        command: `kubectl -n ${pod.namespace} logs ${pod.name} -c ${container.name} --previous`,
      },
      {
        text: 'If it began with a release, go back to the previous one:',
        command:
          workload.kind === 'Deployment'
            ? `kubectl -n ${workload.namespace} rollout undo deployment/${workload.name}`
            : restartCommand(workload),
      },
    ],
    prevention: [
      'Start the new version in a test environment with the same configuration before it is rolled out.',
      'Use a progressive rollout with maxUnavailable 0, so that a version that cannot start takes nothing away.',
    ],
    ruledOut: ['The memory limit: the container was not OOM-killed.'],
  };
}

function exitMeaning(code: number): string {
  if (code === 126) return ' (command cannot be executed)';
  if (code === 127) return ' (command not found)';
  if (code === 137) return ' (killed)';
  if (code === 139) return ' (segmentation fault)';
  if (code === 143) return ' (terminated)';
  return '';
}
