import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConfig } from '#src/server/config/index.ts';
import { createSecretBox } from '#src/server/crypto.ts';
import type { Database } from '#src/server/db/database.ts';
import { loadEnv } from '#src/server/env.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { createLogger } from '#src/server/logger.ts';
import { createMetrics } from '#src/server/metrics.ts';

export const TEST_SECRET = 'test-secret-test-secret-test-secret';

/**
 * Writes a configuration (YAML is a superset of JSON) into a directory of its own and returns that. `files` are others
 * beside it, by path: skills, runbooks.
 */
export async function writeConfig(config: unknown, files: Record<string, string> = {}): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tars-config-'));
  await writeFile(join(directory, 'test.yaml'), JSON.stringify(config, null, 2));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return directory;
}

/** A real kernel on a test database: only the environment and the log level are the test's. */
export async function createTestKernel(
  database: Database,
  config: unknown = {},
  variables: Record<string, string> = {},
): Promise<Kernel & { setConfig(config: unknown, files?: Record<string, string>): Promise<void> }> {
  const env = loadEnv({
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    ...variables,
    PATH: process.env.PATH,
  });
  const read = async (value: unknown, files?: Record<string, string>) =>
    (await loadConfig({ directory: await writeConfig(value, files), env: env.variables })).config;
  let current = await read(config);
  return {
    env,
    log: createLogger({ level: env.logLevel, process: 'test' }),
    database,
    config: { current: () => current },
    metrics: createMetrics(),
    secrets: createSecretBox(TEST_SECRET),
    async setConfig(next, files) {
      current = await read(next, files);
    },
  };
}

/** A project of its own for a test. */
export async function createTestProject(database: Database): Promise<{ id: string; slug: string }> {
  const id = newId();
  const slug = `p-${id.slice(-8)}`;
  await database.prisma.project.create({ data: { id, slug, name: slug } });
  return { id, slug };
}
