import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCRATCH_KEPT_MS } from '../tunables.ts';

const PREFIX = 'tars-eval-';

/** A directory for one attempt. Its name says which process it is of, so that what a killed one leaves can be told. */
export const makeScratch = (): Promise<string> => mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));

/** Whether nobody uses it any more. Older names carry no process. Pure. */
export function isLeftScratch(
  entry: { name: string; ageMs: number },
  isAlive: (pid: number) => boolean,
): boolean {
  if (!entry.name.startsWith(PREFIX) || entry.ageMs < SCRATCH_KEPT_MS) return false;
  const pid = /^(\d+)-/.exec(entry.name.slice(PREFIX.length))?.[1];
  return pid === undefined || !isAlive(Number(pid));
}

/** Removes what killed evaluations have left in a directory more than a day ago. */
export async function removeLeftScratch(directory: string): Promise<void> {
  for (const name of (await readdir(directory)).filter((entry) => entry.startsWith(PREFIX))) {
    const path = join(directory, name);
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory() && isLeftScratch({ name, ageMs: Date.now() - found.mtimeMs }, isProcessAlive))
      // Somebody else's stays where it is.
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Also one of another user, which may not be signalled. */
function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
