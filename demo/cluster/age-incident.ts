import type { RuntimeRecord } from './change.ts';
import { fromTimestamp, ManualClock, toTimestamp } from './clock.ts';
import { resourceInfos } from './kinds/resources.ts';
import { type KindMap, kindSchemas, type Resource } from './kinds/schema.ts';
import type { Simulation } from './simulation.ts';
import { keyOf } from './store.ts';
import { AGING_STEP_MS } from './tunables.ts';

/**
 * Lets a change look as if it had been made `ageMs` ago: a copy of the cluster lives through that time on its own
 * clock, every time it wrote is moved back by `ageMs`, and what differs is taken over. Restart counts, back-offs,
 * event counts and evictions are thus what the controllers really make of that time.
 */
export function applyAged(simulation: Simulation, ageMs: number, change: (fork: Simulation) => void): void {
  const nowMs = simulation.clock.now();
  const clock = new ManualClock(nowMs);
  const fork = simulation.fork(clock);
  const before = fork.store.version;
  change(fork);
  fork.tick();
  fork.advance(clock, nowMs + ageMs, AGING_STEP_MS);
  // Times have second precision, so one second before counts as "written by the copy" only when later.
  const shift = (text: string) => {
    const ms = fromTimestamp(text);
    return ms !== undefined && ms > nowMs - 1_000 ? toTimestamp(ms - ageMs) : text;
  };
  for (const { resource } of resourceInfos) takeOver(simulation, fork, resource, before, shift);
  simulation.replaceRuntime(
    fork.runtimeEntries().map(([key, record]) => [key, shiftRecord(record, nowMs, ageMs)]),
  );
}

function shiftRecord(record: RuntimeRecord, nowMs: number, ageMs: number): RuntimeRecord {
  const move = (ms: number) => (ms >= nowMs ? ms - ageMs : ms);
  return { ...record, nextAtMs: move(record.nextAtMs), eventAtMs: move(record.eventAtMs) };
}

function takeOver(
  simulation: Simulation,
  fork: Simulation,
  resource: Resource,
  before: number,
  shift: (text: string) => string,
): void {
  const kept = new Set(
    fork.store.list(resource).map(({ metadata }) => keyOf(metadata.namespace, metadata.name)),
  );
  for (const { metadata } of simulation.store.list(resource)) {
    if (!kept.has(keyOf(metadata.namespace, metadata.name)))
      simulation.store.remove(resource, metadata.namespace, metadata.name);
  }
  for (const object of fork.store.list(resource)) {
    if (Number(object.metadata.resourceVersion) > before) adopt(simulation, resource, object as never, shift);
  }
}

function adopt<K extends Resource>(
  simulation: Simulation,
  resource: K,
  object: KindMap[K],
  shift: (text: string) => string,
): void {
  const moved = kindSchemas[resource].parse(shiftTimes(object, shift)) as KindMap[K];
  const { namespace, name, uid } = moved.metadata;
  const fresh = { ...moved, metadata: { ...moved.metadata, resourceVersion: '' } };
  const existing = simulation.store.get(resource, namespace, name);
  if (existing && existing.metadata.uid === uid) {
    simulation.store.update(resource, fresh);
    return;
  }
  if (existing) simulation.store.remove(resource, namespace, name);
  simulation.store.create(resource, fresh);
}

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function shiftTimes(value: unknown, shift: (text: string) => string): unknown {
  if (typeof value === 'string') return TIMESTAMP.test(value) ? shift(value) : value;
  if (Array.isArray(value)) return value.map((entry) => shiftTimes(entry, shift));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, shiftTimes(entry, shift)]));
}
