import { distance } from 'fastest-levenshtein';
import type { Facts, PodFact, ServiceFact, ServicePort } from '../facts.ts';
import { isUnhealthy, selects } from '../focus.ts';
import { listeningPort } from '../log-signatures.ts';
import type { Finding } from '../patterns/finding.ts';
import { logsOf, podRef, show, workloadRef } from '../patterns/observe.ts';
import { MAX_LABEL_EDITS } from '../tunables.ts';
import { readObject } from './current-object.ts';
import { type Choice, none, type Remedy } from './remedy.ts';

/**
 * A Service that does not fit its pods: its target port becomes the port that they declare, or its selector the labels that
 * they carry, where only one of them is wrong and only one value can be meant.
 */
export function correctService(finding: Finding, facts: Facts): Choice {
  const { subject } = finding;
  const service = facts.services.find(
    (item) => item.namespace === subject.namespace && item.name === subject.name,
  );
  if (!service?.detailed)
    return {
      kind: 'look',
      steps: [readObject(subject, `${show(subject)} as it is now, before anything is proposed`)],
    };
  const selected = facts.pods.filter(
    (pod) => pod.namespace === service.namespace && selects(service.selector, pod.labels) && !isOver(pod),
  );
  return selected.length === 0 ? correctSelector(service, facts) : correctPort(service, selected, facts);
}

function correctPort(service: ServiceFact, selected: PodFact[], facts: Facts): Choice {
  const workloads = new Set(selected.map((pod) => show(workloadRef(pod))));
  if (workloads.size > 1)
    return none(`The Service selects pods of several workloads (${[...workloads].join(', ')}).`);
  const pod = selected.find((item) => item.detailed);
  const [any] = selected;
  if (!pod) return any ? look(any) : none('The Service selects no pod.');
  const wrong = service.ports.filter((port) => !fits(port, pod));
  const [port] = wrong;
  if (!port || wrong.length > 1) return none('It is not one port of the Service that is wrong.');
  const free = portsOf(pod).filter(
    (offered) =>
      offered.protocol === port.protocol &&
      !service.ports.some((other) => other !== port && reaches(other, offered)),
  );
  const named = free.filter((offered) => offered.name !== '' && offered.name === port.name);
  const [meant, ...others] = named.length > 0 ? named : free;
  if (!meant || others.length > 0)
    return none('Which of the ports that the pods declare is meant cannot be told for certain.');
  const heard = logsOf(facts, pod)
    .map(listeningPort)
    .find((item) => item !== null);
  if (heard && heard.port !== meant.port)
    return none(`The pods declare port ${meant.port}, but their log says that they listen on ${heard.port}.`);
  if (/^\d+$/.test(port.targetPort) && !heard)
    return none('Declared ports only inform, and the log does not say on which port the pods listen.');
  const targetPort = meant.name || String(meant.port);
  const index = service.ports.indexOf(port);
  const patch = (value: string) =>
    `kubectl -n ${service.namespace} patch service ${service.name} --type json -p '[{"op":"replace","path":"/spec/ports/${index}/targetPort","value":${/^\d+$/.test(value) ? value : JSON.stringify(value)}}]'`;
  return change(service, {
    goal: {
      kind: 'Service',
      selector: service.selector,
      ports: service.ports.map((item) => (item === port ? { ...item, targetPort } : item)),
    },
    change: { what: `target port of port ${port.port}`, from: port.targetPort, to: targetPort },
    why: `The pods of the Service declare no port ${port.targetPort}; pod ${pod.name} declares ${targetPort}${meant.name ? ` (${meant.port})` : ''}, and no other port can be meant.`,
    command: patch(targetPort),
    undo: patch(port.targetPort),
  });
}

function correctSelector(service: ServiceFact, facts: Facts): Choice {
  const candidates = facts.pods.flatMap((pod) => {
    if (pod.namespace !== service.namespace || isOver(pod)) return [];
    const wrong = Object.entries(service.selector).filter(([key, value]) => pod.labels[key] !== value);
    const [first, ...more] = wrong;
    const label = first && pod.labels[first[0]];
    if (!first || more.length > 0 || label === undefined) return [];
    const [key, value] = first;
    const edits = distance(label, value);
    return edits <= MAX_LABEL_EDITS && value.length > edits * 2 ? [{ pod, key, value, label }] : [];
  });
  const meant = new Set(candidates.map(({ pod }) => show(workloadRef(pod))));
  const [found] = candidates;
  if (!found) return none('Which pods the Service means cannot be told for certain from its selector.');
  if (meant.size > 1)
    return none(`Its selector resembles the labels of several workloads (${[...meant].join(', ')}).`);
  const pod = candidates.map((item) => item.pod).find((item) => item.detailed);
  if (!pod) return look(found.pod);
  if (isUnhealthy(pod))
    return none(`The pods that seem to be meant are not healthy themselves (${pod.name}).`);
  if (!service.ports.every((port) => fits(port, pod)))
    return none('The ports of the Service do not fit the pods that seem to be meant either.');
  const { key, value, label } = found;
  const patch = (text: string) =>
    `kubectl -n ${service.namespace} patch service ${service.name} --type merge -p '${JSON.stringify({ spec: { selector: { [key]: text } } })}'`;
  return change(service, {
    goal: { kind: 'Service', selector: { ...service.selector, [key]: label }, ports: service.ports },
    change: { what: `selector ${key}`, from: value, to: label },
    why: `No pod carries ${key}=${value}. The pods of ${show(workloadRef(pod))} carry ${key}=${label}, everything else of the selector and every port that the Service sends to.`,
    command: patch(label),
    undo: patch(value),
  });
}

function change(
  service: ServiceFact,
  parts: Pick<Remedy, 'goal' | 'change' | 'why' | 'command' | 'undo'>,
): Choice {
  const target = { kind: 'Service', namespace: service.namespace, name: service.name };
  return { kind: 'change', remedy: { ...parts, target, cures: true, remains: [] } };
}

const look = (pod: PodFact): Choice => ({
  kind: 'look',
  steps: [readObject(podRef(pod), `which ports pod ${pod.name} declares`)],
});

type DeclaredPort = { name: string; port: number; protocol: string };

const portsOf = (pod: PodFact): DeclaredPort[] =>
  pod.containers.filter(({ init }) => !init).flatMap(({ ports }) => ports);

const reaches = (port: ServicePort, offered: DeclaredPort): boolean =>
  /^\d+$/.test(port.targetPort) ? offered.port === Number(port.targetPort) : offered.name === port.targetPort;

const fits = (port: ServicePort, pod: PodFact): boolean =>
  portsOf(pod).some((offered) => reaches(port, offered));

const isOver = (pod: PodFact): boolean =>
  /^(Completed|Succeeded|Failed|Error|Evicted|Terminating)$/.test(pod.status);
