import claimMissingStorageClass from './data/claim-missing-storage-class.ts';
import crashLoopMissingSecretKey from './data/crash-loop-missing-secret-key.ts';
import imagePullWrongTag from './data/image-pull-wrong-tag.ts';
import nodeMemoryPressure from './data/node-memory-pressure.ts';
import oomKillGrowingHeap from './data/oom-kill-growing-heap.ts';
import serviceWithoutEndpoints from './data/service-without-endpoints.ts';
import { type Incident, incidentSchema } from './schema.ts';

export { renderAlert } from './render-alert.ts';
export { type AlertmanagerPayload, alertmanagerPayloadSchema, type Incident } from './schema.ts';

/** All incidents of the demo, validated on load. They touch different workloads, so all can be active at once. */
export const incidents: Incident[] = [
  crashLoopMissingSecretKey,
  oomKillGrowingHeap,
  imagePullWrongTag,
  serviceWithoutEndpoints,
  claimMissingStorageClass,
  nodeMemoryPressure,
].map((data) => incidentSchema.parse(data));

/** The incident with an id. @throws Error naming the known ids */
export function loadIncident(id: string): Incident {
  const found = incidents.find((incident) => incident.id === id);
  if (!found)
    throw new Error(
      `unknown incident "${id}"; known: ${incidents.map((incident) => incident.id).join(', ')}`,
    );
  return found;
}
