import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KeptProcess, keepRunning } from './keep-running.ts';
import { isRunning, waitUntil } from './testing/wait-until.ts';
import { RESTART_FIRST_DELAY_MS } from './tunables.ts';

const directory = { path: '' };
const messages: { level: string; fields: Record<string, unknown>; message: string }[] = [];
const note = (level: string) => (fields: object, message: string) =>
  void messages.push({ level, fields: { ...fields }, message });
const log = { info: note('info'), warn: note('warn'), error: note('error') };
let kept: KeptProcess | undefined;

beforeEach(() => {
  messages.length = 0;
  directory.path = mkdtempSync(join(tmpdir(), 'tars-keep-'));
});
afterEach(async () => {
  kept?.kill();
  await kept?.stop();
  rmSync(directory.path, { recursive: true, force: true });
});

const file = () => join(directory.path, 'lines');
function lines(): string[] {
  try {
    return readFileSync(file(), 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}
const keep = (behaviour: string) => {
  kept = keepRunning(
    {
      name: behaviour,
      file: 'src/supervisor/testing/fixture-program.ts',
      args: [behaviour, file()],
      env: process.env,
    },
    log,
  );
  return kept;
};
const warnings = () => messages.filter(({ level }) => level === 'warn');

describe('keepRunning', () => {
  it('starts a killed process again, and says why it had to', async () => {
    const process_ = keep('obedient');
    const [first] = await waitUntil('the first run', () => lines().length === 1 && lines());
    process.kill(Number(first), 'SIGKILL');
    const runs = await waitUntil('the second run', () => lines().length === 2 && lines());
    expect(process_.pid()).toBe(Number(runs[1]));
    expect(warnings()).toMatchObject([
      { fields: { program: 'obedient', signal: 'SIGKILL', restartInMs: RESTART_FIRST_DELAY_MS } },
    ]);
  });

  it('goes on with growing pauses while it keeps crashing, and stops trying when told to', async () => {
    const process_ = keep('crashing');
    await waitUntil('the third run', () => lines().length >= 3);
    await process_.stop();
    const pauses = warnings().map(({ fields }) => fields.restartInMs);
    expect(pauses.slice(0, 2)).toEqual([RESTART_FIRST_DELAY_MS, 2 * RESTART_FIRST_DELAY_MS]);
    expect(warnings()[0]?.fields.code).toBe(3);
    expect(process_.pid()).toBeUndefined();
    expect(lines().some((line) => isRunning(Number(line)))).toBe(false);
  });

  it('stops politely and does not start it again', async () => {
    const process_ = keep('obedient');
    const [pid] = await waitUntil('the run', () => lines().length === 1 && lines());
    await process_.stop();
    expect(lines()).toEqual([pid, 'stopped']);
    expect(isRunning(Number(pid))).toBe(false);
    expect(warnings()).toEqual([]);
  });

  it('is hastened: a process that ignores SIGTERM is killed', async () => {
    const process_ = keep('stubborn');
    const [pid] = await waitUntil('the run', () => lines().length === 1 && lines());
    const stopped = process_.stop();
    process_.kill();
    await stopped;
    expect(isRunning(Number(pid))).toBe(false);
  });

  it('leaves nothing of what the process had started in its group', async () => {
    const process_ = keep('parent');
    const pids = (await waitUntil('parent and child', () => lines().length === 2 && lines())).map(Number);
    expect(pids.every(isRunning)).toBe(true);
    await process_.stop();
    await waitUntil('both gone', () => !pids.some(isRunning));
  });

  it('lets a process fork others, which wait for what they are told', async () => {
    keep('forking');
    expect((await waitUntil('what the fork was told', () => lines().length === 3 && lines())).at(-1)).toBe(
      'told',
    );
  });

  it('reloads at once and without a warning', async () => {
    const process_ = keep('obedient');
    await waitUntil('the run', () => lines().length === 1);
    process_.reload();
    await waitUntil('the next run', () => lines().length === 3);
    expect(lines()[1]).toBe('stopped');
    expect(warnings()).toEqual([]);
  });
});
