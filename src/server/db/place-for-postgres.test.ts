import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isOpenToAll } from './place-for-postgres.ts';

const dirs = { base: '' };
beforeEach(() => {
  dirs.base = mkdtempSync(join(tmpdir(), 'tars-place-'));
  chmodSync(dirs.base, 0o755);
  mkdirSync(join(dirs.base, 'home', 'clone'), { recursive: true });
});
afterEach(() => rmSync(dirs.base, { recursive: true, force: true }));

it('is open when every parent lets strangers through, whether the path is there or not', async () => {
  expect(await isOpenToAll(join(dirs.base, 'home', 'clone', '.tars', 'demo'))).toBe(true);
});

it('is closed below a parent that only its owner may enter', async () => {
  chmodSync(join(dirs.base, 'home'), 0o700);
  expect(await isOpenToAll(join(dirs.base, 'home', 'clone'))).toBe(false);
  chmodSync(join(dirs.base, 'home'), 0o711);
  expect(await isOpenToAll(join(dirs.base, 'home', 'clone'))).toBe(true);
});
