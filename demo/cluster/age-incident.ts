import type { RuntimeRecord } from './change.ts';
import { fromTimestamp, ManualClock, toTimestamp } from './clock.ts';
import { parseKind } from './kinds/parse-kind.ts';
import { resourceInfos } from './kinds/resources.ts';
import type { KubeObject, Resource } from './kinds/schema.ts';
import type { Simulation } from './simulation.ts';
import { keyOf } from './store.ts';
import { AGING_STEP_MS } from './tunables.ts';

/**
 * Lets a change look as if it had been made `ageMs` ago. Two copies of the cluster live through that time on their
 * own clocks, one with the change and one without; what differs between them is what the change caused, and that
 * is taken over with its times moved back. Restart counts, back-offs, event counts and evictions are thus what the
 * controllers really make of that time, and nothing else in the cluster ages.
 */
export function applyAged(simulation: Simulation, ageMs: number, change: (fork: Simulation) => void): void {
  const nowMs = simulation.clock.now();
  const withChange = liveThrough(simulation, ageMs, change);
  const without = liveThrough(simulation, ageMs, () => undefined);
  const shift = (text: string) => {
    const ms = fromTimestamp(text);
    // Times have second precision: what the copies wrote can look up to a second older than their start.
    return ms !== undefined && ms > nowMs - 1_000 ? toTimestamp(ms - ageMs) : text;
  };
  for (const { resource } of resourceInfos) takeOver(simulation, withChange, without, resource, shift);
  takeOverRuntime(simulation, withChange, without, ageMs);
}

function liveThrough(simulation: Simulation, ageMs: number, change: (fork: Simulation) => void): Simulation {
  const nowMs = simulation.clock.now();
  const clock = new ManualClock(nowMs);
  const fork = simulation.fork(clock);
  change(fork);
  fork.tick();
  fork.advance(clock, nowMs + ageMs, AGING_STEP_MS);
  return fork;
}

function takeOver(
  simulation: Simulation,
  withChange: Simulation,
  without: Simulation,
  resource: Resource,
  shift: (text: string) => string,
): void {
  const changed = byKey(withChange, resource);
  const control = byKey(without, resource);
  for (const [key, object] of control) {
    if (changed.has(key)) continue;
    const { namespace, name } = object.metadata;
    if (simulation.store.get(resource, namespace, name)) simulation.store.remove(resource, namespace, name);
  }
  for (const [key, object] of changed) {
    if (contentOf(object) !== contentOf(control.get(key))) adopt(simulation, resource, object, shift);
  }
}

function byKey(simulation: Simulation, resource: Resource): Map<string, KubeObject> {
  return new Map(
    simulation.store
      .list(resource)
      .map((object) => [keyOf(object.metadata.namespace, object.metadata.name), object]),
  );
}

/** An object without what differs between the copies for no reason of the change. */
function contentOf(object: KubeObject | undefined): string {
  if (!object) return '';
  return JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: '' } });
}

function adopt<K extends Resource>(
  simulation: Simulation,
  resource: K,
  object: KubeObject,
  shift: (text: string) => string,
): void {
  const moved = parseKind(resource, shiftTimes(object, shift));
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

function takeOverRuntime(
  simulation: Simulation,
  withChange: Simulation,
  without: Simulation,
  ageMs: number,
): void {
  const nowMs = simulation.clock.now();
  const move = (ms: number) => (ms >= nowMs ? ms - ageMs : ms);
  const shiftRecord = (record: RuntimeRecord): RuntimeRecord => ({
    ...record,
    nextAtMs: move(record.nextAtMs),
    eventAtMs: move(record.eventAtMs),
  });
  const result = new Map(simulation.runtimeEntries());
  const control = new Map(without.runtimeEntries());
  const changed = new Map(withChange.runtimeEntries());
  for (const key of control.keys()) if (!changed.has(key)) result.delete(key);
  for (const [key, record] of changed) {
    if (JSON.stringify(record) !== JSON.stringify(control.get(key))) result.set(key, shiftRecord(record));
  }
  simulation.replaceRuntime(result);
}

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function shiftTimes(value: unknown, shift: (text: string) => string): unknown {
  if (typeof value === 'string') return TIMESTAMP.test(value) ? shift(value) : value;
  if (Array.isArray(value)) return value.map((entry) => shiftTimes(entry, shift));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, shiftTimes(entry, shift)]));
}
