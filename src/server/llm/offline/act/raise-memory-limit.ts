import type { Facts } from '../facts.ts';
import type { Finding } from '../patterns/finding.ts';
import { show } from '../patterns/observe.ts';
import { growthOf, killedContainer } from '../patterns/out-of-memory.ts';
import { formatBytes, parseMemoryBytes } from '../quantities.ts';
import {
  MAX_NODE_MEMORY_PERCENT,
  MAX_RAISED_LIMIT_BYTES,
  RAISE_FACTOR,
  RAISE_STEP_BYTES,
} from '../tunables.ts';
import { describedWorkload, readObject } from './current-object.ts';
import { type Choice, none } from './remedy.ts';

/**
 * A heap that grows until the kernel ends the container: half as much memory again, to gain time. Nothing when the growth
 * was not seen, the node is short of memory, or the limit is high already: then more of it is a decision, not a remedy.
 */
export function raiseMemoryLimit(finding: Finding, facts: Facts): Choice {
  const { subject } = finding;
  if (subject.kind !== 'Deployment')
    return none(`I raise limits of Deployments only, not of a ${subject.kind}.`);
  const killed = facts.pods
    .filter((pod) =>
      finding.affects.some(
        (ref) => ref.kind === 'Pod' && ref.namespace === pod.namespace && ref.name === pod.name,
      ),
    )
    .flatMap((pod) => {
      const container = killedContainer(pod);
      return container && growthOf(facts, pod).growing ? [{ pod, container }] : [];
    })[0];
  if (!killed)
    return none(
      'That its memory grows was not seen in its log, so more memory is not for certain what it needs.',
    );
  const { pod, container } = killed;
  const node = facts.nodeMetrics.find((item) => item.name === pod.node);
  const now = describedWorkload(facts, subject);
  if (!now || !node) {
    return {
      kind: 'look',
      steps: [
        ...(now ? [] : [readObject(subject, `${show(subject)} as it is now, before anything is proposed`)]),
        ...(node
          ? []
          : [
              {
                lookup: { kind: 'nodeMetrics' } as const,
                why: `whether node ${pod.node} has memory to spare`,
              },
            ]),
      ],
    };
  }
  const limit = now.template.containers.find((item) => item.name === container.name)?.memoryLimit ?? '';
  const bytes = parseMemoryBytes(limit);
  if (bytes === undefined || limit !== container.limits.memory)
    return none(
      `The limit that ended it is not the one that ${show(subject)} sets now: somebody is changing it.`,
    );
  if (node.memoryPercent === undefined || node.memoryPercent > MAX_NODE_MEMORY_PERCENT)
    return none(`Node ${pod.node} has little memory to spare (${node.memoryPercent ?? '?'} % in use).`);
  const raised = Math.ceil((bytes * RAISE_FACTOR) / RAISE_STEP_BYTES) * RAISE_STEP_BYTES;
  if (raised > MAX_RAISED_LIMIT_BYTES)
    return none(`Its limit of ${limit} is high already, and more would only feed the leak.`);
  const to = formatBytes(raised);
  if (parseMemoryBytes(to) !== raised) return none(`I cannot write ${raised} bytes as an exact limit.`);
  const command = (memory: string) =>
    `kubectl -n ${subject.namespace} set resources deployment/${subject.name} -c ${container.name} --limits=memory=${memory}`;
  return {
    kind: 'change',
    remedy: {
      target: subject,
      goal: {
        kind: 'Deployment',
        containers: now.template.containers.map((item) =>
          item.name === container.name ? { ...item, memoryLimit: to } : item,
        ),
      },
      change: { what: `memory limit of container ${container.name}`, from: limit, to },
      why: `The container is killed whenever it reaches ${limit}, after its memory has grown in its own log. With ${to} it runs longer between two kills; the growth itself stays. Node ${pod.node} has ${100 - node.memoryPercent} % of its memory free.`,
      command: command(to),
      undo: command(limit),
      cures: false,
      remains: [
        'Have the growth of the heap looked at: this gains time and cures nothing.',
        ...finding.remediation
          .filter(({ text }) => /go back/.test(text))
          .map(({ text, command: back }) => `${text} \`${back ?? ''}\``),
      ],
    },
  };
}
