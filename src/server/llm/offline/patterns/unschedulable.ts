import type { Facts, PodFact } from '../facts.ts';
import { distinctEvidence, evidence, type Finding, type PatternInput } from './finding.ts';
import { eventEvidence, podEvents, podRef, show, workloadRef } from './observe.ts';

interface Obstacle {
  test: RegExp;
  /** Completes "cannot be scheduled because …". */
  why: string;
  fix: string;
  /** Claims have their own pattern, which is nearer to the root. */
  depth: 1 | 3;
}

const OBSTACLES: Obstacle[] = [
  {
    test: /persistentvolumeclaim "([^"]+)" not found/i,
    why: 'a PersistentVolumeClaim that it mounts does not exist',
    fix: 'Create the claim, or correct its name in the pod template.',
    depth: 3,
  },
  {
    test: /unbound immediate PersistentVolumeClaims|volume node affinity conflict|didn't find available persistent volumes/i,
    why: 'a volume that it needs is not available',
    fix: 'Resolve the claim first.',
    depth: 1,
  },
  {
    test: /Insufficient memory/i,
    why: 'no node has enough unreserved memory for its request',
    fix: 'Lower the memory request if it is too high, free capacity, or add a node.',
    depth: 3,
  },
  {
    test: /Insufficient cpu/i,
    why: 'no node has enough unreserved CPU for its request',
    fix: 'Lower the CPU request if it is too high, free capacity, or add a node.',
    depth: 3,
  },
  {
    test: /Insufficient ephemeral-storage/i,
    why: 'no node has enough ephemeral storage for its request',
    fix: 'Lower the request or free space on the nodes.',
    depth: 3,
  },
  {
    test: /Insufficient (\S+)/i,
    why: 'no node has enough of a resource it requests',
    fix: 'Lower the request, or add a node that offers the resource.',
    depth: 3,
  },
  {
    test: /node selector|node affinity/i,
    why: 'no node matches its node selector or affinity',
    fix: 'Label a node accordingly, or correct the selector.',
    depth: 3,
  },
  {
    test: /untolerated taint|taint.*didn't tolerate/i,
    why: 'the nodes carry taints that it does not tolerate',
    fix: 'Add a toleration, or remove the taint if it is a leftover.',
    depth: 3,
  },
  {
    test: /pod (?:anti-)?affinity/i,
    why: 'its pod (anti-)affinity rules leave no node',
    fix: 'Relax the rule or add nodes.',
    depth: 3,
  },
  {
    test: /topology spread/i,
    why: 'its topology spread constraints leave no node',
    fix: 'Relax the constraint or add nodes.',
    depth: 3,
  },
  {
    test: /Too many pods/i,
    why: 'the nodes run as many pods as they may',
    fix: 'Add a node or remove pods.',
    depth: 3,
  },
  {
    test: /were unschedulable|unschedulable/i,
    why: 'the nodes are cordoned',
    fix: 'Uncordon a node.',
    depth: 3,
  },
  {
    test: /free ports/i,
    why: 'the host port it asks for is taken on every node',
    fix: 'Do without the host port.',
    depth: 3,
  },
];

/** Pods that stay Pending because no node takes them. */
export function findUnschedulable({ facts }: PatternInput): Finding[] {
  return facts.pods.flatMap((pod) => {
    if (pod.status !== 'Pending' || pod.node !== '') return [];
    const condition = pod.conditions.find((item) => item.type === 'PodScheduled' && item.status === 'False');
    const event = podEvents(facts, pod)
      .filter((item) => item.reason === 'FailedScheduling')
      .at(-1);
    const message = event?.message || condition?.message || '';
    return message === '' ? [] : [explain(facts, pod, message)];
  });
}

function explain(facts: Facts, pod: PodFact, message: string): Finding {
  const obstacles = OBSTACLES.filter((item) => item.test.test(message));
  const workload = workloadRef(pod);
  const event = podEvents(facts, pod)
    .filter((item) => item.reason === 'FailedScheduling')
    .at(-1);
  const requests = pod.containers.filter((item) => Object.keys(item.requests).length > 0);
  const main = mainObstacle(message, obstacles);
  return {
    pattern: 'unschedulable',
    cause: `${show(workload)} has a pod that cannot be scheduled because ${main?.why ?? 'no node takes it'}.`,
    explanation: `The scheduler tried every node and says: ${message}${obstacles.length > 1 ? ' Several obstacles add up; each node fails one of them.' : ''}`,
    subject: workload,
    affects: [podRef(pod)],
    confidence: main ? 'high' : 'medium',
    because: main
      ? 'the scheduler itself says so'
      : "the scheduler's words are not among those the rules know",
    evidence: distinctEvidence([
      ...(event
        ? [eventEvidence(event)]
        : [evidence(pod.ref, `PodScheduled: False, ${message}`, `condition of pod ${pod.name}`)]),
      ...requests.map((item) =>
        evidence(
          pod.ref,
          `resources.requests of ${item.name}: ${Object.entries(item.requests)
            .map(([key, value]) => `${key}=${value}`)
            .join(', ')}`,
          'what the pod asks for',
        ),
      ),
      ...facts.nodeMetrics.slice(0, 4).map((item) => evidence(item.ref, item.quote, 'use of a node')),
    ]),
    remediation: [
      {
        text: main?.fix ?? 'Compare what the pod asks for with what the nodes offer.',
        command: `kubectl -n ${pod.namespace} describe pod ${pod.name}`,
      },
      {
        text: 'See what is reserved on the nodes:',
        command: 'kubectl describe nodes | grep -A 8 "Allocated resources"',
      },
    ],
    prevention: [
      "Set requests from measured use, and alert when the cluster's free capacity falls below the largest pod.",
    ],
    ruledOut: ['The application itself: it was never started.'],
    depth: main?.depth ?? 2,
  };
}

/** The obstacle that stops most nodes ("3 Insufficient memory" beats "1 node(s) had untolerated taint"). */
function mainObstacle(message: string, obstacles: Obstacle[]): Obstacle | undefined {
  const parts = message.split(/[,:]\s+(?=\d+ )/);
  const weight = (obstacle: Obstacle) =>
    parts.reduce(
      (sum, part) => (obstacle.test.test(part) ? sum + (Number(part.match(/^(\d+) /)?.[1]) || 100) : sum),
      0,
    );
  return [...obstacles].sort((a, b) => weight(b) - weight(a))[0];
}
