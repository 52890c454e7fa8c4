import { type Change, type ClusterView, eventAbout, type RuntimeRecord, referenceTo } from '../change.ts';
import type { Container, ContainerStatus, Node, Pod } from '../kinds/schema.ts';

export interface ContainerStep {
  view: ClusterView;
  node: Node;
  pod: Pod;
  container: Container;
  status: ContainerStatus;
}

export interface StepResult {
  status: ContainerStatus;
  changes: Change[];
}

/** The kubelet's memory of a container. */
export function recordKey(step: Pick<ContainerStep, 'pod' | 'container'>): string {
  return `${step.pod.metadata.uid}/${step.container.name}`;
}

/** An event about the container, as the kubelet of its node sends it. */
export function containerEvent(
  step: ContainerStep,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): Change {
  const regarding = referenceTo(step.pod, 'v1', 'Pod', `spec.containers{${step.container.name}}`);
  return eventAbout(regarding, type, reason, message, 'kubelet', step.node.metadata.name);
}

export function remember(step: ContainerStep, record: RuntimeRecord): Change {
  return { op: 'runtime', key: recordKey(step), record };
}
