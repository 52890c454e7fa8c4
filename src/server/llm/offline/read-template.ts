import type { WorkloadTemplate } from './facts.ts';
import { isRecord, list, num, str } from './json-access.ts';

/** Put on the pods of a ReplicaSet by its controller, so no part of what somebody asked for. */
const CONTROLLER_LABEL = 'pod-template-hash';

/** What a workload asks its controller for, in a form that two revisions can be compared by. */
export function readTemplate(object: unknown, template: unknown): WorkloadTemplate {
  const generation = num(object, 'metadata', 'generation') ?? 0;
  return {
    containers: list(template, 'spec', 'containers').map((container) => ({
      name: str(container, 'name'),
      image: str(container, 'image'),
      memoryLimit: str(container, 'resources', 'limits', 'memory'),
    })),
    shape: JSON.stringify(template ?? {}, (key, value) => {
      if (key === 'image' || key === CONTROLLER_LABEL || key === 'creationTimestamp') return undefined;
      return isRecord(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value;
    }),
    observed: (num(object, 'status', 'observedGeneration') ?? generation) >= generation,
    total: num(object, 'status', 'replicas') ?? 0,
  };
}
