import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { TurnPicker } from '../llm-protocol/pick-turn.ts';
import { rowsOf, waitForEnd } from '../runs.ts';
import type { CrashBed } from './crash-bed.ts';
import { crashTest } from './crash-test.ts';

const SEED = 20_260;
const SESSIONS = 8;
const WORKERS = 2;
/** About 25 seconds of them. */
const KILLS = 12;
/** Of them this share is a proper stop, so that hand-overs meet crashes. */
const STOP_SHARE = 0.25;
const KILL_AFTER_MIN_MS = 1_000;
const KILL_AFTER_MAX_MS = 3_000;

/** mulberry32: small, seeded, good enough to choose victims. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Turns with tools before the answer. */
const TOOL_TURNS = 3;

/** Reads and writes in parallel, several times, then a slow answer; each write names its session and step. */
const script =
  (path: string): TurnPicker =>
  ({ conversation, assistantTurns }) => {
    const mark = JSON.stringify(conversation).match(/MARK-\d+/)?.[0] ?? 'nobody';
    if (assistantTurns >= TOOL_TURNS) return { text: `The cause is ${mark}. `.repeat(40), delayMs: 50 };
    const text = `${mark} step ${assistantTurns}`;
    return {
      thinking: 'Let me look and change something at once.',
      delayMs: 20,
      toolCalls: [
        { id: `look-${assistantTurns}`, name: 'box__slow', arguments: { ms: 800 + assistantTurns } },
        { id: `write-${assistantTurns}`, name: 'box__write', arguments: { path, text, delayMs: 500 } },
        { id: `echo-${assistantTurns}`, name: 'box__echo', arguments: { text } },
      ],
    };
  };

crashTest(
  'workers killed at random moments, again and again: every session completes, nothing is written twice',
  { config: { queue: { maxRunningSessions: SESSIONS, workerConcurrency: 5 } } },
  async (bed) => {
    const path = join(bed.directory, 'written');
    bed.model.setScript(script(path));
    const sessions = await storm(bed, async () => {
      const ids: string[] = [];
      for (let n = 1; n <= SESSIONS; n += 1)
        ids.push(await bed.post({ title: `MARK-${n}`, data: `It is MARK-${n}.` }));
      return ids;
    });
    for (const id of sessions) expect(await waitForEnd(bed.database, id, 60_000)).toBe('completed');
    for (const id of sessions) expect(await bed.violations(id)).toEqual([]);
    const written = (await readFile(path, 'utf8')).split('\n').filter(Boolean);
    expect(new Set(written).size).toBe(written.length);
    const [calls] = await rowsOf<{ writes: number; unknown: number; resumed: number }>(
      bed.database,
      `select (select count(*) from tool_call where tool = 'write') as writes,
         (select count(*) from tool_call where status = 'unknown') as unknown,
         (select count(*) from session where attempts > 1) as resumed`,
    );
    expect(calls?.writes).toBe(TOOL_TURNS * SESSIONS);
    // Each write has been done, or was cut off on its way and is called unknown.
    expect(written.length).toBeGreaterThanOrEqual(TOOL_TURNS * SESSIONS - (calls?.unknown ?? 0));
    expect(calls?.resumed).toBeGreaterThan(SESSIONS / 2);
  },
);

/** Starts the workers, lets `begin` make sessions, and kills a random worker every few seconds, replacing each. */
async function storm(bed: CrashBed, begin: () => Promise<string[]>): Promise<string[]> {
  const random = seededRandom(SEED);
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
