import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from '#src/cli/api-client.ts';
import { isTerminal, type SessionView, sessionSchema } from '#src/features/sessions/schema.ts';
import { StartError } from '#src/server/start-error.ts';
import {
  HEALTH_LIMIT_MS,
  HEALTH_STEP_MS,
  INVESTIGATION_LIMIT_MS,
  INVESTIGATION_STEP_MS,
  REQUEST_TIMEOUT_MS,
} from './tunables.ts';

const healthSchema = z.object({
  status: z.string(),
  components: z.array(z.object({ name: z.string(), status: z.string(), detail: z.string() })),
});

/** Waits until the address answers that everything, the worker included, is well. Throws `StartError` with what is not. */
export async function waitForHealth(url: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + HEALTH_LIMIT_MS;
  let problem = 'no answer';
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    const health = await readHealth(url);
    if (health?.status === 'ok') return;
    const bad = health?.components.filter((component) => component.status !== 'ok') ?? [];
    if (bad.length > 0) problem = bad.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
    await sleep(HEALTH_STEP_MS);
  }
  throw new StartError(`TARS did not become ready within ${HEALTH_LIMIT_MS / 1_000} s (${problem}).`);
}

async function readHealth(url: string): Promise<z.infer<typeof healthSchema> | undefined> {
  try {
    const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    return healthSchema.safeParse(await response.json()).data;
  } catch {
    return undefined;
  }
}

/** Waits until a session has ended and returns it. */
export async function waitForEnd(
  api: ApiClient,
  sessionId: string,
  signal: AbortSignal,
): Promise<SessionView> {
  const deadline = Date.now() + INVESTIGATION_LIMIT_MS;
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    const session = await api.get(`/sessions/${sessionId}`, sessionSchema);
    if (isTerminal(session.status)) return session;
    await sleep(INVESTIGATION_STEP_MS);
  }
  throw new StartError(`The investigation did not end within ${INVESTIGATION_LIMIT_MS / 60_000} minutes.`);
}
