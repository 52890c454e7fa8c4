import type { Change } from '../change.ts';
import { fromTimestamp, toTimestamp } from '../clock.ts';
import { containerRun, limitOf, runKey } from '../pods.ts';
import { exitOf, type ProgramExit } from '../programs/program.ts';
import { hexDigest } from '../random.ts';
import {
  BACKOFF_EVENT_EVERY_MS,
  CONFIG_RETRY_MS,
  FIRST_PROBE_MS,
  RESTART_BACKOFF_BASE_MS,
  RESTART_BACKOFF_MAX_MS,
  RESTART_BACKOFF_RESET_MS,
} from '../tunables.ts';
import {
  type ContainerStep,
  containerEvent,
  recordKey,
  remember,
  type StepResult,
} from './container-step.ts';
import { probeContainer } from './probe-container.ts';
import { pullImage } from './pull-image.ts';
import { ConfigError, type Environment, resolveEnvironment } from './resolve-environment.ts';

/** One step of a container's life: pull, configure, start, probe, end, back off, start again. */
export function syncContainer(step: ContainerStep): StepResult {
  const { state } = step.status;
  if (state.running) return watchRunning(step, state.running.startedAt);
  if (state.terminated) return afterEnd(step, state.terminated);
  if (state.waiting?.reason === 'CrashLoopBackOff') return waitOut(step);
  const record = step.view.runtime(recordKey(step));
  if (record?.phase === 'config-error') {
    return step.view.nowMs < record.nextAtMs ? { status: step.status, changes: [] } : start(step, 0);
  }
  const pull = pullImage(step);
  if (!pull.isPresent) return { status: pull.status, changes: pull.changes };
  const started = start(step, 0);
  return { status: started.status, changes: [...pull.changes, ...started.changes] };
}

/** Creates and starts the container with restart count `restartCount`, or says why it cannot be created. */
function start(step: ContainerStep, restartCount: number): StepResult {
  const { view, pod, container, status } = step;
  const record = view.runtime(recordKey(step));
  let environment: Environment;
  try {
    environment = resolveEnvironment(view, pod, container);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { message } = error;
    return {
      status: {
        ...status,
        ready: false,
        started: false,
        state: { waiting: { reason: 'CreateContainerConfigError', message } },
      },
      changes: [
        containerEvent(step, 'Warning', 'Failed', `Error: ${message}`),
        remember(step, {
          phase: 'config-error',
          attempts: (record?.attempts ?? 0) + 1,
          nextAtMs: view.nowMs + CONFIG_RETRY_MS,
          eventAtMs: view.nowMs,
        }),
      ],
    };
  }
  const digest = hexDigest(`${view.seed}/image/${container.image}`, 64);
  const repository = container.image.replace(/(@.*|:[^/:]+)$/, '');
  const attempts = record?.phase === 'running' ? record.attempts : 0;
  return {
    status: {
      name: container.name,
      image: container.image,
      imageID: `${repository}@sha256:${digest}`,
      containerID: `containerd://${hexDigest(`${recordKey(step)}/${restartCount}`, 64)}`,
      ready: false,
      started: true,
      restartCount,
      state: { running: { startedAt: toTimestamp(view.nowMs) } },
      lastState: status.state.terminated ? { terminated: status.state.terminated } : status.lastState,
    },
    changes: [
      containerEvent(step, 'Normal', 'Created', `Created container: ${container.name}`),
      containerEvent(step, 'Normal', 'Started', `Started container ${container.name}`),
      remember(step, {
        phase: 'running',
        attempts,
        nextAtMs: view.nowMs + FIRST_PROBE_MS,
        eventAtMs: view.nowMs,
      }),
      {
        op: 'runtime',
        key: runKey(pod, container.name, restartCount),
        record: { phase: 'running', attempts: 0, nextAtMs: 0, eventAtMs: view.nowMs, ...environment },
      },
      { op: 'runtime', key: runKey(pod, container.name, restartCount - 2), record: undefined },
    ],
  };
}

function watchRunning(step: ContainerStep, startedAt: string): StepResult {
  const { view, pod, container, status } = step;
  const startedAtMs = fromTimestamp(startedAt) ?? view.nowMs;
  const run = containerRun(view, pod, container, status.restartCount, startedAtMs);
  if (!run) return { status, changes: [] };
  const exit = exitOf(run, view.nowMs, limitOf(container, 'memory'));
  if (exit && exit.atMs <= view.nowMs) return end(step, startedAtMs, exit, []);
  const probed = probeContainer(step, run);
  if (probed.mustRestart) {
    const killed: ProgramExit = { atMs: view.nowMs, exitCode: 137, reason: 'Error' };
    return end(step, startedAtMs, killed, probed.changes);
  }
  return { status: { ...status, ready: probed.ready }, changes: probed.changes };
}

function end(step: ContainerStep, startedAtMs: number, exit: ProgramExit, before: Change[]): StepResult {
  const { view, status } = step;
  const record = view.runtime(recordKey(step));
  const wasStable = exit.atMs - startedAtMs >= RESTART_BACKOFF_RESET_MS;
  const attempts = wasStable ? 1 : (record?.attempts ?? 0) + 1;
  const terminated = {
    exitCode: exit.exitCode,
    reason: exit.reason,
    startedAt: toTimestamp(startedAtMs),
    finishedAt: toTimestamp(exit.atMs),
    containerID: status.containerID,
  };
  return {
    status: { ...status, ready: false, started: false, state: { terminated } },
    changes: [
      ...before,
      remember(step, {
        phase: 'running',
        attempts,
        nextAtMs: exit.atMs + restartDelayMs(attempts),
        eventAtMs: 0,
      }),
    ],
  };
}

/** Delay before restart number `attempts`: the first is immediate, then 10 s doubling up to 5 min. */
export function restartDelayMs(attempts: number): number {
  if (attempts <= 1) return 0;
  return Math.min(RESTART_BACKOFF_MAX_MS, RESTART_BACKOFF_BASE_MS * 2 ** (attempts - 2));
}

function afterEnd(step: ContainerStep, terminated: { exitCode: number }): StepResult {
  const { view, pod, status } = step;
  const policy = pod.spec.restartPolicy ?? 'Always';
  if (policy === 'Never' || (policy === 'OnFailure' && terminated.exitCode === 0))
    return { status, changes: [] };
  const record = view.runtime(recordKey(step));
  if (!record || view.nowMs >= record.nextAtMs) return restart(step);
  const delay = describeDelay(restartDelayMs(record.attempts));
  const where = `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
  const message = `back-off ${delay} restarting failed container=${status.name} pod=${where}`;
  return {
    status: {
      ...status,
      state: { waiting: { reason: 'CrashLoopBackOff', message } },
      lastState: { terminated: status.state.terminated },
    },
    changes: [backOffEvent(step), remember(step, { ...record, eventAtMs: view.nowMs })],
  };
}

function backOffEvent(step: ContainerStep): Change {
  const { pod, container } = step;
  const where = `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
  return containerEvent(
    step,
    'Warning',
    'BackOff',
    `Back-off restarting failed container ${container.name} in pod ${where}`,
  );
}

function describeDelay(delayMs: number): string {
  const seconds = Math.round(delayMs / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

function waitOut(step: ContainerStep): StepResult {
  const record = step.view.runtime(recordKey(step));
  if (!record || step.view.nowMs >= record.nextAtMs) return restart(step);
  if (step.view.nowMs - record.eventAtMs < BACKOFF_EVENT_EVERY_MS)
    return { status: step.status, changes: [] };
  return {
    status: step.status,
    changes: [backOffEvent(step), remember(step, { ...record, eventAtMs: step.view.nowMs })],
  };
}

function restart(step: ContainerStep): StepResult {
  const message = `Container image "${step.container.image}" already present on machine`;
  const started = start(step, step.status.restartCount + 1);
  return {
    status: started.status,
    changes: [containerEvent(step, 'Normal', 'Pulled', message), ...started.changes],
  };
}
