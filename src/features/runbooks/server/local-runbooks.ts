import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isRunbookName } from '#src/lib/runbook-name.ts';
import type { Env } from '#src/server/env.ts';
import { RunbookError } from './runbook-error.ts';
import { MAX_LISTED_RUNBOOKS, RUNBOOK_MAX_BYTES } from './tunables.ts';

const directoryOf = (env: Env): string => join(env.configDir, 'runbooks');

/** Paths of the Markdown files of the installation's own folder; empty when there is none. */
export async function listLocalRunbooks(env: Env): Promise<string[]> {
  const entries = await readdir(directoryOf(env), { recursive: true }).catch(() => []);
  const names = entries
    .map((path) => path.split(sep).join('/'))
    .filter(isRunbookName)
    .sort()
    .slice(0, MAX_LISTED_RUNBOOKS);
  const places = await Promise.all(names.map((name) => locate(env, name)));
  return names.filter((_name, index) => places[index] !== null);
}

/** Whether the installation has a runbook of this name. */
export async function hasLocalRunbook(env: Env, name: string): Promise<boolean> {
  return (await locate(env, name)) !== null;
}

/** @throws RunbookError when there is no such file, or when it is too large */
export async function readLocalRunbook(env: Env, name: string): Promise<string> {
  const path = await locate(env, name);
  if (path === null) throw new RunbookError(`there is no runbooks/${name}`);
  const { size } = await stat(path);
  if (size > RUNBOOK_MAX_BYTES) {
    throw new RunbookError(`runbooks/${name} is larger than ${RUNBOOK_MAX_BYTES / 1024} KB`);
  }
  return readFile(path, 'utf8');
}

/** The file behind a name, or null. A link that leads out of the folder counts as absent. */
async function locate(env: Env, name: string): Promise<string | null> {
  if (!isRunbookName(name)) return null;
  try {
    const directory = await realpath(directoryOf(env));
    const path = await realpath(join(directory, name));
    return path.startsWith(directory + sep) && (await stat(path)).isFile() ? path : null;
  } catch {
    return null;
  }
}
