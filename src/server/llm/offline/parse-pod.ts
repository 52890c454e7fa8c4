import type {
  ConditionFact,
  ConfigReference,
  ContainerFact,
  ContainerState,
  PodFact,
  ProbeFact,
} from './facts.ts';
import { dig, isRecord, list, num, str, texts } from './json-access.ts';
import type { TableRow } from './parse-table.ts';

/** A pod from its complete object. */
export function podFromObject(object: Record<string, unknown>, ref: string): PodFact {
  const containers = [
    ...list(object, 'spec', 'initContainers').map((spec) => readContainer(object, spec, true)),
    ...list(object, 'spec', 'containers').map((spec) => readContainer(object, spec, false)),
  ];
  const main = containers.filter((container) => !container.init);
  const owner = list(object, 'metadata', 'ownerReferences')[0];
  return {
    ref,
    namespace: str(object, 'metadata', 'namespace'),
    name: str(object, 'metadata', 'name'),
    status: podStatus(object, containers),
    readyCount: main.filter((container) => container.ready).length,
    containerCount: main.length,
    restarts: containers.reduce((sum, container) => sum + container.restarts, 0),
    node: str(object, 'spec', 'nodeName'),
    labels: texts(object, 'metadata', 'labels'),
    owner: { kind: str(owner, 'kind'), name: str(owner, 'name') },
    reason: str(object, 'status', 'reason'),
    message: str(object, 'status', 'message'),
    conditions: readConditions(object),
    containers,
    claims: list(object, 'spec', 'volumes')
      .map((volume) => str(volume, 'persistentVolumeClaim', 'claimName'))
      .filter((name) => name !== ''),
    nodeSelector: texts(object, 'spec', 'nodeSelector'),
    detailed: true,
    serviceAccount: str(object, 'spec', 'serviceAccountName'),
    quote: '',
    listRef: '',
  };
}

/** A pod from its line in a list. */
export function podFromRow(row: TableRow, ref: string): PodFact {
  const ready = (row.cells.READY ?? '').match(/^(\d+)\/(\d+)/);
  return {
    ref,
    namespace: row.namespace,
    name: row.name,
    status: row.cells.STATUS ?? '',
    readyCount: Number(ready?.[1] ?? 0),
    containerCount: Number(ready?.[2] ?? 0),
    restarts: Number.parseInt(row.cells.RESTARTS ?? '0', 10) || 0,
    node: row.cells.NODE ?? '',
    labels: row.labels,
    owner: { kind: '', name: '' },
    reason: '',
    message: '',
    conditions: [],
    containers: [],
    claims: [],
    nodeSelector: {},
    detailed: false,
    serviceAccount: '',
    quote: row.line,
    listRef: ref,
  };
}

/** `status.conditions` of any object. */
export function readConditions(object: unknown): ConditionFact[] {
  return list(object, 'status', 'conditions').map((condition) => ({
    type: str(condition, 'type'),
    status: str(condition, 'status'),
    reason: str(condition, 'reason'),
    message: str(condition, 'message'),
    since: str(condition, 'lastTransitionTime'),
  }));
}

function readContainer(pod: unknown, spec: unknown, init: boolean): ContainerFact {
  const name = str(spec, 'name');
  const statuses = list(pod, 'status', init ? 'initContainerStatuses' : 'containerStatuses');
  const status = statuses.find((entry) => str(entry, 'name') === name);
  return {
    name,
    image: str(spec, 'image') || str(status, 'image'),
    init,
    ready: dig(status, 'ready') === true,
    restarts: num(status, 'restartCount') ?? 0,
    state: readState(dig(status, 'state')),
    lastState: readState(dig(status, 'lastState')),
    limits: texts(spec, 'resources', 'limits'),
    requests: texts(spec, 'resources', 'requests'),
    ports: list(spec, 'ports').map((port) => ({
      name: str(port, 'name'),
      port: num(port, 'containerPort') ?? 0,
      protocol: str(port, 'protocol') || 'TCP',
    })),
    references: [...envReferences(spec), ...volumeReferences(pod, spec)],
    probes: readProbes(spec),
  };
}

function readState(state: unknown): ContainerState {
  const empty = { reason: '', message: '', startedAt: '', finishedAt: '' };
  for (const kind of ['waiting', 'running', 'terminated'] as const) {
    const body = dig(state, kind);
    if (body === undefined || body === null) continue;
    const exitCode = num(body, 'exitCode');
    return {
      kind,
      reason: str(body, 'reason'),
      message: str(body, 'message'),
      ...(exitCode === undefined ? {} : { exitCode }),
      startedAt: str(body, 'startedAt'),
      finishedAt: str(body, 'finishedAt'),
    };
  }
  return { kind: 'unknown', ...empty };
}

function envReferences(spec: unknown): ConfigReference[] {
  const references: ConfigReference[] = [];
  for (const entry of list(spec, 'env')) {
    for (const [kind, field] of [
      ['Secret', 'secretKeyRef'],
      ['ConfigMap', 'configMapKeyRef'],
    ] as const) {
      const source = dig(entry, 'valueFrom', field);
      if (!isRecord(source)) continue;
      references.push({
        kind,
        name: str(source, 'name'),
        key: str(source, 'key'),
        env: str(entry, 'name'),
        mountPath: '',
        optional: source.optional === true,
      });
    }
  }
  for (const entry of list(spec, 'envFrom')) {
    for (const [kind, field] of [
      ['Secret', 'secretRef'],
      ['ConfigMap', 'configMapRef'],
    ] as const) {
      const source = dig(entry, field);
      if (!isRecord(source)) continue;
      references.push({
        kind,
        name: str(source, 'name'),
        key: '',
        env: '',
        mountPath: '',
        optional: source.optional === true,
      });
    }
  }
  return references;
}

function volumeReferences(pod: unknown, spec: unknown): ConfigReference[] {
  return list(spec, 'volumeMounts').flatMap((mount) => {
    const volume = list(pod, 'spec', 'volumes').find((entry) => str(entry, 'name') === str(mount, 'name'));
    const sources = [volume, ...list(volume, 'projected', 'sources')];
    return sources.flatMap((source): ConfigReference[] => {
      const mountPath = str(mount, 'mountPath');
      const secret = str(source, 'secret', 'secretName') || str(source, 'secret', 'name');
      const map = str(source, 'configMap', 'name');
      if (secret === '' && map === '') return [];
      const body = dig(source, secret === '' ? 'configMap' : 'secret');
      const base = {
        kind: secret === '' ? ('ConfigMap' as const) : ('Secret' as const),
        name: secret || map,
        env: '',
        mountPath,
        optional: dig(body, 'optional') === true,
      };
      const keys = list(body, 'items').map((item) => str(item, 'key'));
      return keys.length === 0 ? [{ ...base, key: '' }] : keys.map((key) => ({ ...base, key }));
    });
  });
}

function readProbes(spec: unknown): ProbeFact[] {
  return (['liveness', 'readiness', 'startup'] as const).flatMap((type): ProbeFact[] => {
    const probe = dig(spec, `${type}Probe`);
    if (!isRecord(probe)) return [];
    const action = ['httpGet', 'tcpSocket', 'exec', 'grpc'].find((name) => isRecord(probe[name])) ?? '';
    const initialDelaySeconds = num(probe, 'initialDelaySeconds');
    const timeoutSeconds = num(probe, 'timeoutSeconds');
    return [
      {
        type,
        action,
        port: str(probe, action, 'port'),
        path: str(probe, action, 'path'),
        ...(initialDelaySeconds === undefined ? {} : { initialDelaySeconds }),
        ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      },
    ];
  });
}

/** The word `kubectl get pods` would print: the most telling container state, or the phase. */
function podStatus(pod: unknown, containers: ContainerFact[]): string {
  const reason = str(pod, 'status', 'reason');
  if (reason !== '') return reason;
  if (str(pod, 'metadata', 'deletionTimestamp') !== '') return 'Terminating';
  for (const container of containers) {
    const { state } = container;
    if (state.kind === 'waiting' && state.reason !== '' && state.reason !== 'PodInitializing') {
      return container.init ? `Init:${state.reason}` : state.reason;
    }
    if (state.kind === 'terminated' && !container.init && str(pod, 'status', 'phase') !== 'Succeeded') {
      return state.reason || 'Error';
    }
  }
  return str(pod, 'status', 'phase');
}
