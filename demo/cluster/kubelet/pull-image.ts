import type { Change, RuntimeRecord } from '../change.ts';
import type { ContainerStatus } from '../kinds/schema.ts';
import {
  BACKOFF_EVENT_EVERY_MS,
  PULL_BACKOFF_BASE_MS,
  PULL_BACKOFF_MAX_MS,
  PULL_MIB_PER_SECOND,
} from '../tunables.ts';
import { type ContainerStep, containerEvent, recordKey, remember } from './container-step.ts';

export interface PullResult {
  isPresent: boolean;
  status: ContainerStatus;
  changes: Change[];
}

const REFUSAL_MS = 1_200;

/** Makes sure the image is on the node: pulls it, or backs off when the registry does not have it. */
export function pullImage(step: ContainerStep): PullResult {
  const { view, node, container, status } = step;
  const { image } = container;
  const imageKey = `image/${node.metadata.name}/${image}`;
  const record = view.runtime(recordKey(step));
  if (record?.phase === 'pulling')
    return view.nowMs < record.nextAtMs ? keep(status) : finishPull(step, record, imageKey);
  if (record?.phase === 'pull-back-off') return backOff(step, record);
  if (view.runtime(imageKey) && container.imagePullPolicy !== 'Always') {
    const message = `Container image "${image}" already present on machine`;
    return { isPresent: true, status, changes: [containerEvent(step, 'Normal', 'Pulled', message)] };
  }
  return beginPull(step, 0);
}

function keep(status: ContainerStatus, changes: Change[] = []): PullResult {
  return { isPresent: false, status, changes };
}

function pullMs(step: ContainerStep): number {
  const program = step.view.programs.find(step.container.image);
  return program ? Math.max(800, (program.sizeMiB / PULL_MIB_PER_SECOND) * 1000) : REFUSAL_MS;
}

function beginPull(step: ContainerStep, attempts: number): PullResult {
  const { view, container, status } = step;
  return keep(status, [
    containerEvent(step, 'Normal', 'Pulling', `Pulling image "${container.image}"`),
    remember(step, {
      phase: 'pulling',
      attempts,
      nextAtMs: view.nowMs + pullMs(step),
      eventAtMs: view.nowMs,
    }),
  ]);
}

function finishPull(step: ContainerStep, record: RuntimeRecord, imageKey: string): PullResult {
  const { view, container, status } = step;
  const { image } = container;
  const program = view.programs.find(image);
  if (program && view.programs.isPullable(image)) {
    const took = `${(pullMs(step) / 1000).toFixed(3)}s`;
    const bytes = program.sizeMiB * 1024 * 1024;
    const message = `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${bytes} bytes.`;
    const changes: Change[] = [
      containerEvent(step, 'Normal', 'Pulled', message),
      {
        op: 'runtime',
        key: imageKey,
        record: { phase: 'running', attempts: 0, nextAtMs: 0, eventAtMs: view.nowMs },
      },
      { op: 'runtime', key: recordKey(step), record: undefined },
    ];
    return { isPresent: true, status, changes };
  }
  const attempts = record.attempts + 1;
  const delayMs = Math.min(PULL_BACKOFF_MAX_MS, PULL_BACKOFF_BASE_MS * 2 ** (attempts - 1));
  const cause = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
  const error = `rpc error: code = NotFound desc = ${cause}`;
  return keep({ ...status, state: { waiting: { reason: 'ErrImagePull', message: error } } }, [
    containerEvent(step, 'Warning', 'Failed', `Failed to pull image "${image}": ${error}`),
    containerEvent(step, 'Warning', 'Failed', 'Error: ErrImagePull'),
    remember(step, {
      phase: 'pull-back-off',
      attempts,
      nextAtMs: view.nowMs + delayMs,
      eventAtMs: view.nowMs,
    }),
  ]);
}

function backOff(step: ContainerStep, record: RuntimeRecord): PullResult {
  const { view, container, status } = step;
  if (view.nowMs >= record.nextAtMs) return beginPull(step, record.attempts);
  if (view.nowMs - record.eventAtMs < BACKOFF_EVENT_EVERY_MS / 4) return keep(status);
  const isFresh = status.state.waiting?.reason !== 'ImagePullBackOff';
  if (!isFresh && view.nowMs - record.eventAtMs < BACKOFF_EVENT_EVERY_MS) return keep(status);
  const message = `Back-off pulling image "${container.image}"`;
  const detail = `${message}: ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "${container.image}": failed to resolve reference "${container.image}": ${container.image}: not found`;
  return keep({ ...status, state: { waiting: { reason: 'ImagePullBackOff', message: detail } } }, [
    containerEvent(step, 'Normal', 'BackOff', message),
    containerEvent(step, 'Warning', 'Failed', 'Error: ImagePullBackOff'),
    remember(step, { ...record, eventAtMs: view.nowMs }),
  ]);
}
