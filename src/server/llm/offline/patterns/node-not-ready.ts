import type { Facts, NodeFact } from '../facts.ts';
import { isUnhealthy } from '../focus.ts';
import { distinctEvidence, evidence, type Finding } from './finding.ts';
import { eventEvidence, eventsOf, lostItsNode, podRef, workloadRef } from './observe.ts';

/** A node whose Ready condition is not True; null when it is. */
export function explainNotReady(facts: Facts, node: NodeFact): Finding | null {
  if (!/^(NotReady|Unknown)/.test(node.status)) return null;
  const condition = node.conditions.find((item) => item.type === 'Ready');
  if (node.status === 'Unknown' && !condition) return null;
  const events = eventsOf(facts, 'Node', '', node.name).filter((event) =>
    /NotReady|Rebooted|KubeletNotReady|ContainerRuntime/i.test(`${event.reason} ${event.message}`),
  );
  const silent = condition?.status === 'Unknown';
  const pods = facts.pods.filter((pod) => pod.node === node.name);
  return {
    pattern: 'node-not-ready',
    cause: `Node ${node.name} is not ready${silent ? ': its kubelet has stopped reporting' : condition?.message ? `: ${condition.message.slice(0, 140)}` : ''}.`,
    explanation: `${silent ? 'The control plane has not heard from the kubelet: the machine, its network or the kubelet is down.' : 'The kubelet reports itself that it cannot run pods.'} Its ${pods.length} known pod(s) get no traffic and are replaced after the toleration time.`,
    subject: { kind: 'Node', namespace: '', name: node.name },
    affects: pods
      .filter((pod) => isUnhealthy(pod) || lostItsNode(facts, pod))
      .flatMap((pod) => [podRef(pod), workloadRef(pod)]),
    confidence: 'high',
    because: "the node's Ready condition says so; why the kubelet fails is not visible from the cluster",
    evidence: distinctEvidence([
      ...(condition
        ? [
            evidence(
              node.ref,
              `Ready: ${condition.status}, ${condition.reason}: ${condition.message}`,
              `condition of node ${node.name}`,
            ),
          ]
        : [evidence(node.ref, node.quote, `node ${node.name}`)]),
      ...events.slice(0, 2).map(eventEvidence),
    ]),
    remediation: [
      {
        text: 'Look at the machine: is it up, and what does its kubelet say?',
        command: `ssh ${node.name} journalctl -u kubelet -n 100`,
      },
      {
        text: 'If it does not come back, move its pods:',
        command: `kubectl drain ${node.name} --ignore-daemonsets --delete-emptydir-data`,
      },
    ],
    prevention: ['Monitor kubelet and container runtime on the machines, and spread replicas over nodes.'],
    ruledOut: [],
    depth: 4,
  };
}
