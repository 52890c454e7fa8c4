import { setTimeout as pause } from 'node:timers/promises';
import { runSession } from '#src/features/chains/server/index.ts';
import { isTerminal } from '#src/features/sessions/schema.ts';
import { claimNextSession, takeOverSession } from '#src/features/sessions/server/index.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { MAX_ROUNDS, RESUME_PAUSE_MS } from '../tunables.ts';
import { denyRequests } from './deny-requests.ts';

/**
 * What workers do for other sessions, for a reserved one: claims and runs it, goes on when a request has been denied, and
 * takes it up again when its run was cut off (a database that went away), until it has ended or `signal` ends it.
 */
export async function runToEnd(
  kernel: Kernel,
  options: { projectId: string; sessionId: string; reservedFor: string; signal: AbortSignal },
): Promise<void> {
  const { sessionId, reservedFor, signal } = options;
  const { database } = kernel;
  const workerId = newId();
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const claim =
      (await claimNextSession(database, { workerId, maxRunning: 1, reservedFor })) ??
      (await takeOverSession(database, { workerId, sessionId, reservedFor }));
    if (claim) await runSession(kernel, { claim, shutdown: signal });
    else await pause(RESUME_PAUSE_MS);
    if (signal.aborted) return;
    const session = await database.prisma.session.findUnique({
      where: { id: sessionId },
      select: { status: true },
    });
    if (!session || isTerminal(session.status)) return;
    if (session.status === 'waiting') await denyRequests(kernel, options);
  }
}
