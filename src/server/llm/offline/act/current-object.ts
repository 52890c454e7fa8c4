import type { Facts, WorkloadFact, WorkloadTemplate } from '../facts.ts';
import type { ObjectRef } from '../patterns/finding.ts';
import type { Step } from '../plan/step.ts';

/** A workload whose template is known. */
export type Described = WorkloadFact & { template: WorkloadTemplate };

/** A workload as it was read in full, or null. */
export function describedWorkload(facts: Facts, ref: ObjectRef): Described | null {
  const found = facts.workloads.find(
    (item) => item.kind === ref.kind && item.namespace === ref.namespace && item.name === ref.name,
  );
  return found?.template ? { ...found, template: found.template } : null;
}

/** Reads an object in full before anything about it is proposed. */
export function readObject(ref: ObjectRef, why: string): Step {
  const { kind, namespace, name } = ref;
  const apiVersion = kind === 'Service' || kind === 'Pod' || kind === 'Endpoints' ? 'v1' : 'apps/v1';
  return { lookup: { kind: 'object', apiVersion, of: kind, namespace, name }, why };
}
