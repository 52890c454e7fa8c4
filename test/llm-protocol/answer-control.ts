import type { GateKeeper } from './gates.ts';
import { type ScriptFile, scriptFileSchema } from './script.ts';

const RELEASE_PATH = '/control/release/';

/** The control interface of a stand-alone server: what a test in another process can see and steer (see main.ts). */
export function answerControl(
  path: string,
  body: unknown,
  server: { requests: unknown[]; gates: GateKeeper; setScript(script: ScriptFile): void },
): { status: number; value: unknown } {
  if (path === '/control/requests') return { status: 200, value: server.requests };
  if (path === '/control/blocked') return { status: 200, value: server.gates.listBlocked() };
  if (path.startsWith(RELEASE_PATH)) {
    server.gates.release(decodeURIComponent(path.slice(RELEASE_PATH.length)));
    return { status: 200, value: {} };
  }
  if (path === '/control/script') {
    const parsed = scriptFileSchema.safeParse(body);
    if (!parsed.success) return { status: 400, value: { error: parsed.error.message } };
    server.setScript(parsed.data);
    return { status: 200, value: {} };
  }
  return { status: 404, value: { error: `unknown control path ${path}` } };
}
