import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { TurnPicker } from '../llm-protocol/pick-turn.ts';
import { rowsOf, waitForEnd } from '../runs.ts';
import { crashTest } from './crash-test.ts';
import { storm } from './storm.ts';

const SESSIONS = 8;

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
