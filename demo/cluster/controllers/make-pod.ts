import { newMeta } from '../change.ts';
import { admitPod } from '../kinds/admit-pod.ts';
import type { OwnerReference, Pod, PodTemplate } from '../kinds/schema.ts';

/** A pod from a workload's template, as its controller would post it. */
export function makePod(
  template: PodTemplate,
  options: {
    name: string;
    namespace: string | undefined;
    owner: OwnerReference;
    labels?: Record<string, string>;
    generateName?: string;
    nodeName?: string;
  },
): Pod {
  return admitPod({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: newMeta(options.name, options.namespace, {
      labels: { ...template.metadata.labels, ...options.labels },
      annotations: template.metadata.annotations ?? null,
      owner: options.owner,
      ...(options.generateName ? { generateName: options.generateName } : {}),
    }),
    spec: { ...template.spec, ...(options.nodeName ? { nodeName: options.nodeName } : {}) },
    status: { phase: 'Pending', conditions: [], containerStatuses: [] },
  });
}
