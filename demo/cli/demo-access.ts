import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApiKey } from '#src/features/access/server/index.ts';
import { defaultProjectId, ensureLocalAdmin } from '#src/server/auth/first-start.ts';
import { createLoginLink } from '#src/server/auth/login-link.ts';
import { hashToken } from '#src/server/crypto.ts';
import type { Env } from '#src/server/env.ts';
import { type OpenKernel, openKernel } from '#src/server/open-kernel.ts';

export type DemoAccess = {
  key: string;
  keyFile: string;
  /** One-time link that signs in and leads to `path`. */
  linkTo(path: string): Promise<string>;
  close(): Promise<void>;
};

/** An administrator, and the API key of the demo: the stored one while it is valid, else a new one. */
export async function openDemoAccess(env: Env): Promise<DemoAccess> {
  const kernel = await openKernel({ env: { ...env, logLevel: 'error' }, process: 'tars', migrate: false });
  try {
    await ensureLocalAdmin(kernel);
    const keyFile = join(env.dataDir, 'demo-api-key');
    const key = (await readValidKey(kernel, keyFile)) ?? (await storeNewKey(kernel, keyFile));
    return {
      key,
      keyFile,
      async linkTo(path) {
        const { url } = await createLoginLink(kernel);
        return `${url}?to=${encodeURI(path)}`;
      },
      close: () => kernel.close(),
    };
  } catch (error) {
    await kernel.close();
    throw error;
  }
}

async function readValidKey(kernel: OpenKernel, keyFile: string): Promise<string | undefined> {
  const stored = (await readFile(keyFile, 'utf8').catch(() => undefined))?.trim();
  if (!stored) return undefined;
  const { count } = await kernel.database.prisma.apiKey
    .aggregate({ where: { hash: hashToken(stored), revokedAt: null }, _count: true })
    .then((result) => ({ count: result._count }));
  return count > 0 ? stored : undefined;
}

async function storeNewKey(kernel: OpenKernel, keyFile: string): Promise<string> {
  const projectId = await defaultProjectId(kernel.database.pool);
  const { key } = await createApiKey(kernel, { projectId, actor: 'demo', name: 'demo', scope: 'admin' });
  await writeFile(keyFile, `${key}\n`, { mode: 0o600 });
  await chmod(keyFile, 0o600);
  return key;
}
