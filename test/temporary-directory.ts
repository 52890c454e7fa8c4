import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Global set-up of vitest and Playwright: whatever the tests, and the processes that they start, write into the temporary
 * directory goes into one of this run, and with it.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const before = process.env.TMPDIR;
  const directory = await mkdtemp(join(tmpdir(), 'tars-tests-'));
  // PostgreSQL does not run as root: its own user has to come through.
  await chmod(directory, 0o711);
  process.env.TMPDIR = directory;
  return async () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    await rm(directory, { recursive: true, force: true });
  };
}
