import type { Change } from '../change.ts';
import type { Container } from '../kinds/schema.ts';
import { type ContainerRun, listensOn } from '../programs/program.ts';
import { type ContainerStep, containerEvent, recordKey, remember } from './container-step.ts';

export interface ProbeResult {
  ready: boolean;
  /** The liveness probe failed often enough. */
  mustRestart: boolean;
  changes: Change[];
}

type Probe = NonNullable<Container['livenessProbe']>;
const DEFAULT_PERIOD_S = 10;
const DEFAULT_FAILURES = 3;

/** Number of a probe's port; named ports are looked up in the container. */
function portOf(probe: Probe, container: Container): number | undefined {
  const port = probe.httpGet?.port ?? probe.tcpSocket?.port;
  if (typeof port === 'number' || port === undefined) return port;
  return container.ports?.find((entry) => entry.name === port)?.containerPort ?? Number(port);
}

/** Whether a probe would succeed now; a command probe succeeds once the program is up. */
function passes(probe: Probe, container: Container, run: ContainerRun, nowMs: number): boolean {
  const port = portOf(probe, container);
  const isUp = nowMs - run.startedAtMs >= run.program.startupMs;
  const isHealthy =
    run.program.unhealthyAfterMs === undefined || nowMs - run.startedAtMs < run.program.unhealthyAfterMs;
  return port === undefined ? isUp && isHealthy : listensOn(run, port, nowMs);
}

function failureText(probe: Probe, container: Container, podIP: string | undefined): string {
  const port = portOf(probe, container);
  const refused = `dial tcp ${podIP}:${port}: connect: connection refused`;
  if (probe.httpGet) return `Get "http://${podIP}:${port}${probe.httpGet.path ?? '/'}": ${refused}`;
  return probe.tcpSocket ? refused : 'command exited with 1';
}

/** Runs the readiness and liveness probes that are due. */
export function probeContainer(step: ContainerStep, run: ContainerRun): ProbeResult {
  const { view, pod, container, status } = step;
  const { readinessProbe, livenessProbe } = container;
  const ready = readinessProbe ? passes(readinessProbe, container, run, view.nowMs) : true;
  const record = view.runtime(recordKey(step));
  if (!record || view.nowMs < record.nextAtMs) return { ready, mustRestart: false, changes: [] };
  const changes: Change[] = [];
  const age = (view.nowMs - run.startedAtMs) / 1000;
  if (readinessProbe && !ready && age >= (readinessProbe.initialDelaySeconds ?? 0)) {
    const text = failureText(readinessProbe, container, pod.status.podIP);
    changes.push(containerEvent(step, 'Warning', 'Unhealthy', `Readiness probe failed: ${text}`));
  }
  let failures = record.failures ?? 0;
  if (livenessProbe && age >= (livenessProbe.initialDelaySeconds ?? 0)) {
    failures = passes(livenessProbe, container, run, view.nowMs) ? 0 : failures + 1;
    if (failures > 0) {
      const text = failureText(livenessProbe, container, pod.status.podIP);
      changes.push(containerEvent(step, 'Warning', 'Unhealthy', `Liveness probe failed: ${text}`));
    }
  }
  const mustRestart = failures >= (livenessProbe?.failureThreshold ?? DEFAULT_FAILURES);
  if (mustRestart) {
    const message = `Container ${status.name} failed liveness probe, will be restarted`;
    changes.push(containerEvent(step, 'Normal', 'Killing', message));
  }
  const periodMs = (livenessProbe?.periodSeconds ?? readinessProbe?.periodSeconds ?? DEFAULT_PERIOD_S) * 1000;
  if (!readinessProbe && !livenessProbe) return { ready, mustRestart: false, changes };
  changes.push(
    remember(step, { ...record, nextAtMs: view.nowMs + periodMs, failures: mustRestart ? 0 : failures }),
  );
  return { ready, mustRestart, changes };
}
