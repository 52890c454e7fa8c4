import { ensureLocalAdmin } from '#src/server/auth/first-start.ts';
import { createLoginLink } from '#src/server/auth/login-link.ts';
import type { Env } from '#src/server/env.ts';
import { openKernel } from '#src/server/open-kernel.ts';
import { startHttpServer } from './http-server.ts';
import { openRealtime } from './open-realtime.ts';
import { SHUTDOWN_NOTICE_MS } from './tunables.ts';

export type WebProcess = { url: string; publicUrl: string; close(): Promise<void> };

/** Opens the web process: kernel, first project, server with pages. Closes what it opened when a step fails. */
export async function serve(env: Env): Promise<WebProcess> {
  const kernel = await openKernel({ env, process: 'web' });
  try {
    const server = await startHttpServer({
      kernel,
      authSecret: kernel.env.authSecret,
      openRealtime,
      openPages: async (address) => (await import('./open-next.ts')).openNext(env, address),
    });
    kernel.log.info({ url: server.url, publicUrl: server.publicUrl, mode: env.mode }, 'listening');
    // After everything that may fail: a start that did not get here leaves the link to the next one.
    const { first } = await ensureLocalAdmin(kernel);
    if (first) {
      const { url, expiresAt } = await createLoginLink(kernel, { publicUrl: server.publicUrl });
      process.stdout.write(`First start. Sign in once, until ${expiresAt.toISOString()}: ${url}\n`);
    }
    return {
      url: server.url,
      publicUrl: server.publicUrl,
      async close() {
        await server.close({ noticeMs: env.mode === 'production' ? SHUTDOWN_NOTICE_MS : 0 });
        await kernel.close();
        kernel.log.info('stopped');
      },
    };
  } catch (error) {
    await kernel.close();
    throw error;
  }
}
