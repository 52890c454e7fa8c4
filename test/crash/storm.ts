import { setTimeout as pause } from 'node:timers/promises';
import type { CrashBed } from './crash-bed.ts';

const SEED = 20_260;
const WORKERS = 2;
/** About 25 seconds of them. */
const KILLS = 12;
/** Of them this share is a proper stop, so that hand-overs meet crashes. */
const STOP_SHARE = 0.25;
const KILL_AFTER_MIN_MS = 1_000;
const KILL_AFTER_MAX_MS = 3_000;

/** mulberry32: small, seeded, good enough to choose victims. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Starts the workers, lets `begin` make sessions, and kills a random worker every few seconds, replacing each. */
export async function storm(bed: CrashBed, begin: () => Promise<string[]>, seed = SEED): Promise<string[]> {
  const random = seededRandom(seed);
  const workers = await Promise.all(Array.from({ length: WORKERS }, () => bed.startWorker()));
  const slots = workers.map((worker) => Promise.resolve(worker));
  const sessions = await begin();
  for (let kill = 0; kill < KILLS; kill += 1) {
    await pause(KILL_AFTER_MIN_MS + random() * (KILL_AFTER_MAX_MS - KILL_AFTER_MIN_MS));
    const victim = Math.floor(random() * WORKERS);
    const worker = await slots[victim];
    if (random() < STOP_SHARE) worker?.signal('SIGTERM');
    else await worker?.kill();
    await worker?.exited;
    const next = bed.startWorker();
    // Whoever kills it next hears of a failed start.
    next.catch(() => undefined);
    slots[victim] = next;
  }
  await Promise.all(slots);
  return sessions;
}
