import { formatAge, fromTimestamp } from '../clock.ts';
import type { Pod } from '../kinds/schema.ts';

/** What `kubectl get pods` shows as STATUS (the pod printer of k8s.io/kubernetes pkg/printers). */
export function describePodStatus(pod: Pod): string {
  let reason = pod.status.reason ?? pod.status.phase;
  let hasRunning = false;
  for (const { state, ready } of [...pod.status.containerStatuses].reverse()) {
    if (state.waiting?.reason) reason = state.waiting.reason;
    else if (state.terminated && pod.status.reason !== 'Evicted') {
      reason = state.terminated.reason ?? `ExitCode:${state.terminated.exitCode}`;
    } else if (ready && state.running) hasRunning = true;
  }
  if (reason === 'Completed' && hasRunning) reason = 'Running';
  return pod.metadata.deletionTimestamp ? 'Terminating' : reason;
}

/** READY and RESTARTS of a pod. */
export function podRow(pod: Pod, nowMs = 0): { ready: string; restarts: string } {
  const statuses = pod.status.containerStatuses;
  const restarts = statuses.reduce((sum, status) => sum + status.restartCount, 0);
  const ends = statuses.map((status) => fromTimestamp(status.lastState.terminated?.finishedAt) ?? 0);
  const last = Math.max(0, ...ends);
  return {
    ready: `${statuses.filter((status) => status.ready).length}/${pod.spec.containers.length}`,
    restarts: restarts > 0 && last > 0 ? `${restarts} (${formatAge(last, nowMs)} ago)` : String(restarts),
  };
}
