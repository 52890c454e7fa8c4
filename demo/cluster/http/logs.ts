import { fromTimestamp } from '../clock.ts';
import type { Container, ContainerStatus, Pod } from '../kinds/schema.ts';
import { containerRun } from '../pods.ts';
import { type LogLine, writeLog } from '../programs/write-log.ts';
import { StoreError } from '../store.ts';
import { LOG_FOLLOW_MS } from '../tunables.ts';
import type { Exchange } from './exchange.ts';
import { ApiError } from './status-error.ts';

interface Instance {
  restartCount: number;
  startedAtMs: number;
  endedAtMs: number | undefined;
}

/** The run a log request means: the current (or, when it waits, the last) one, or the one before. */
export function chooseInstance(status: ContainerStatus | undefined, previous: boolean): Instance | undefined {
  if (!status) return undefined;
  const { running, terminated } = status.state;
  const last = status.lastState.terminated;
  const from = (end: { startedAt: string; finishedAt: string }, restartCount: number): Instance => ({
    restartCount,
    startedAtMs: fromTimestamp(end.startedAt) ?? 0,
    endedAtMs: fromTimestamp(end.finishedAt),
  });
  const isWaiting = !running && !terminated;
  if (previous) return last && from(last, isWaiting ? status.restartCount : status.restartCount - 1);
  if (running)
    return {
      restartCount: status.restartCount,
      startedAtMs: fromTimestamp(running.startedAt) ?? 0,
      endedAtMs: undefined,
    };
  if (terminated) return from(terminated, status.restartCount);
  return last && from(last, status.restartCount);
}

function chooseContainer(pod: Pod, wanted: string | null): Container {
  const { containers } = pod.spec;
  const name = pod.metadata.name;
  const first = containers[0];
  if (!wanted) {
    if (first && containers.length === 1) return first;
    const list = containers.map((entry) => entry.name).join(' ');
    throw new ApiError(
      400,
      'BadRequest',
      `a container name must be specified for pod ${name}, choose one of: [${list}]`,
    );
  }
  const found = containers.find((entry) => entry.name === wanted);
  if (!found) throw new ApiError(400, 'BadRequest', `container ${wanted} is not valid for pod ${name}`);
  return found;
}

/** `GET /pods/<name>/log` with container, previous, tailLines, sinceSeconds, sinceTime, timestamps, limitBytes, follow. */
export function sendLog(exchange: Exchange, namespace: string | undefined, name: string): void {
  const { query, response, simulation } = exchange;
  const pod = simulation.store.get('pods', namespace, name);
  if (!pod) throw new StoreError('NotFound', 'pods', name);
  const container = chooseContainer(pod, query.get('container'));
  const status = pod.status.containerStatuses.find((entry) => entry.name === container.name);
  const previous = query.get('previous') === 'true';
  const instance = chooseInstance(status, previous);
  if (!instance) {
    if (!pod.spec.nodeName)
      throw new ApiError(400, 'BadRequest', `pod ${name} does not have a host assigned`);
    if (previous) {
      throw new ApiError(
        400,
        'BadRequest',
        `previous terminated container "${container.name}" in pod "${name}" not found`,
      );
    }
    const reason = status?.state.waiting?.reason ?? 'ContainerCreating';
    const why =
      reason === 'ErrImagePull' || reason === 'ImagePullBackOff'
        ? `trying and failing to pull image`
        : reason === 'ContainerCreating'
          ? 'ContainerCreating'
          : reason;
    throw new ApiError(
      400,
      'BadRequest',
      `container "${container.name}" in pod "${name}" is waiting to start: ${why}`,
    );
  }
  const read = () => readLines(exchange, pod, container, instance);
  const lines = limit(read(), query, simulation.clock.now());
  response.writeHead(200, { 'content-type': 'text/plain' });
  const print = (list: LogLine[]) =>
    list.map((line) => format(line, query.get('timestamps') === 'true')).join('');
  let text = print(lines);
  const limitBytes = Number(query.get('limitBytes') ?? 0);
  if (limitBytes > 0) text = text.slice(0, limitBytes);
  response.write(text);
  if (query.get('follow') !== 'true' || instance.endedAtMs !== undefined) {
    response.end();
    return;
  }
  follow(exchange, pod, read, print);
}

function readLines(exchange: Exchange, pod: Pod, container: Container, instance: Instance): LogLine[] {
  const view = exchange.simulation.view();
  const run = containerRun(view, pod, container, instance.restartCount, instance.startedAtMs);
  return run ? writeLog(run, instance.endedAtMs ?? view.nowMs, instance.endedAtMs !== undefined) : [];
}

function format(line: LogLine, timestamps: boolean): string {
  return timestamps
    ? `${new Date(line.atMs).toISOString().slice(0, -1)}000000Z ${line.text}\n`
    : `${line.text}\n`;
}

function limit(lines: LogLine[], query: URLSearchParams, nowMs: number): LogLine[] {
  const sinceSeconds = query.get('sinceSeconds');
  const sinceMs = sinceSeconds
    ? nowMs - Number(sinceSeconds) * 1000
    : (fromTimestamp(query.get('sinceTime')) ?? 0);
  const recent = lines.filter((line) => line.atMs >= sinceMs);
  const tail = query.get('tailLines');
  if (tail === null) return recent;
  return Number(tail) === 0 ? [] : recent.slice(-Number(tail));
}

/** Writes new lines once a second until the client goes or the container is no longer the same run. */
function follow(
  exchange: Exchange,
  pod: Pod,
  read: () => LogLine[],
  print: (lines: LogLine[]) => string,
): void {
  const { response, simulation } = exchange;
  let lastMs = simulation.clock.now();
  const timer = setInterval(() => {
    const fresh = read().filter((line) => line.atMs > lastMs);
    lastMs = simulation.clock.now();
    if (fresh.length > 0) response.write(print(fresh));
    const now = simulation.store.get('pods', pod.metadata.namespace, pod.metadata.name);
    if (now?.metadata.uid !== pod.metadata.uid) response.end();
  }, LOG_FOLLOW_MS);
  response.on('close', () => clearInterval(timer));
}
