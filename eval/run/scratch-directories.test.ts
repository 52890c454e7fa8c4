import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SCRATCH_KEPT_MS } from '../tunables.ts';
import { isLeftScratch, removeLeftScratch } from './scratch-directories.ts';

test.each([
  ['tars-eval-41-aB3dEf', SCRATCH_KEPT_MS, true],
  ['tars-eval-41-aB3dEf', SCRATCH_KEPT_MS - 1, false],
  ['tars-eval-42-aB3dEf', SCRATCH_KEPT_MS, false],
  ['tars-eval-aB3dEf', SCRATCH_KEPT_MS, true],
  ['tars-other-41-aB3dEf', SCRATCH_KEPT_MS, false],
])('%s, %i ms old: left is %s', (name, ageMs, left) => {
  expect(isLeftScratch({ name, ageMs }, (pid) => pid === 42)).toBe(left);
});

test('what is left goes with all in it; what is in use, young or not ours stays', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tars-scratch-test-'));
  const long = new Date(Date.now() - 2 * SCRATCH_KEPT_MS);
  for (const [name, age] of [
    ['tars-eval-abcdef', long],
    [`tars-eval-${process.pid}-abcdef`, long],
    ['tars-eval-ghijkl', new Date()],
    ['something-else', long],
  ] as const) {
    await mkdir(join(directory, name, 'below'), { recursive: true });
    await utimes(join(directory, name), age, age);
  }
  await removeLeftScratch(directory);
  expect((await readdir(directory)).sort()).toEqual(
    ['something-else', 'tars-eval-ghijkl', `tars-eval-${process.pid}-abcdef`].sort(),
  );
  await rm(directory, { recursive: true });
});
