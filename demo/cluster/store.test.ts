import { describe, expect, it } from 'vitest';
import { ManualClock } from './clock.ts';
import { parseKind } from './kinds/parse-kind.ts';
import { Store, type StoreEvent } from './store.ts';
import { HISTORY_LENGTH } from './tunables.ts';

const config = (name: string, value: string, resourceVersion = '') =>
  parseKind('configmaps', { metadata: { name, namespace: 'default', resourceVersion }, data: { value } });

function newStore(): Store {
  return new Store(new ManualClock(Date.UTC(2026, 0, 1)), 'seed');
}

describe('Store', () => {
  it('fills identity and raises versions and generations only for real changes', () => {
    const store = newStore();
    const created = store.create('configmaps', config('a', '1'));
    expect(created.metadata).toMatchObject({ generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' });
    expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(store.update('configmaps', config('a', '1'))).toBe(created);
    const changed = store.update('configmaps', config('a', '2'));
    expect(changed.metadata.generation).toBe(2);
    expect(Number(changed.metadata.resourceVersion)).toBeGreaterThan(
      Number(created.metadata.resourceVersion),
    );
  });

  it('refuses a second create, an update of an older version and of what is not there', () => {
    const store = newStore();
    const first = store.create('configmaps', config('a', '1'));
    store.update('configmaps', config('a', '2'));
    expect(() => store.create('configmaps', config('a', '3'))).toThrow(/AlreadyExists/);
    expect(() => store.update('configmaps', config('a', '3', first.metadata.resourceVersion))).toThrow(
      /Conflict/,
    );
    expect(() => store.update('configmaps', config('b', '1'))).toThrow(/NotFound/);
    expect(() => store.remove('configmaps', 'default', 'b')).toThrow(/NotFound/);
  });

  it('replays changes since a version and lists the past', () => {
    const store = newStore();
    store.create('configmaps', config('a', '1'));
    const before = store.version;
    store.update('configmaps', config('a', '2'));
    store.create('configmaps', config('b', '1'));
    store.remove('configmaps', 'default', 'a');
    expect(store.since('configmaps', before).map((event) => event.type)).toEqual([
      'MODIFIED',
      'ADDED',
      'DELETED',
    ]);
    const past = store.listAt('configmaps', before);
    expect(past.map((object) => object.metadata.name)).toEqual(['a']);
    expect(past[0]).toMatchObject({ data: { value: '1' } });
  });

  it('says Expired for a version its history no longer reaches', () => {
    const store = newStore();
    const old = store.version;
    store.create('configmaps', config('a', '0'));
    for (let index = 1; index < HISTORY_LENGTH * 1.3; index++)
      store.update('configmaps', config('a', String(index)));
    expect(() => store.since('configmaps', old)).toThrow(/Expired/);
    expect(store.since('configmaps', store.version - 5)).toHaveLength(5);
  });

  it('tells subscribers and leaves forks apart', () => {
    const store = newStore();
    const seen: StoreEvent[] = [];
    const stop = store.subscribe((event) => seen.push(event));
    store.create('configmaps', config('a', '1'));
    const fork = store.fork(new ManualClock(0));
    fork.update('configmaps', config('a', 'fork'));
    stop();
    store.create('configmaps', config('b', '1'));
    expect(seen.map((event) => event.object.metadata.name)).toEqual(['a']);
    expect(store.get('configmaps', 'default', 'a')).toMatchObject({ data: { value: '1' } });
  });
});
