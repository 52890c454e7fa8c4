import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newToken } from '../crypto.ts';
import type { Env } from '../env.ts';
import { errorMessage } from '../errors.ts';
import { StartError } from '../start-error.ts';

/**
 * The installation's secret: `AUTH_SECRET`, or one generated on first use and kept in `<dataDir>/auth-secret`.
 * Processes that start together agree on one (the file is created exclusively).
 */
export async function resolveAuthSecret(env: Pick<Env, 'authSecret' | 'dataDir'>): Promise<string> {
  if (env.authSecret) return env.authSecret;
  const path = join(env.dataDir, 'auth-secret');
  try {
    await mkdir(env.dataDir, { recursive: true });
    const existing = await readExisting(path);
    if (existing) return existing;
    await writeFile(path, newToken(), { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const secret = await readExisting(path);
    if (secret) return secret;
  } catch (error) {
    throw new StartError(
      `Cannot keep the secret in ${path}: ${errorMessage(error)}. Set AUTH_SECRET or TARS_DATA_DIR.`,
    );
  }
  throw new StartError(`${path} is empty. Remove it, or set AUTH_SECRET.`);
}

async function readExisting(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text.trim() || undefined;
}
