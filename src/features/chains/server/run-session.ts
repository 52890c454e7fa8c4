import { setTimeout as pause } from 'node:timers/promises';
import { openBudget, openImageRoom, type RunContext } from '#src/features/agents/server/index.ts';
import { createMemoryTools, createRecall } from '#src/features/memories/server/index.ts';
import { scheduleScoring } from '#src/features/scores/server/index.ts';
import {
  type Claim,
  createRecorder,
  findDecidedExecutions,
  finishSession,
  LEASE_HEARTBEAT_MS,
  MAX_RUN_ATTEMPTS,
  parkSession,
  releaseLease,
  type SessionEnd,
  type StopEnd,
  type SupervisedRun,
  settleStop,
} from '#src/features/sessions/server/index.ts';
import { loadSessionMasker } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { withLogContext } from '#src/server/logger.ts';
import { openProjectKernel } from '#src/server/project-kernel.ts';
import { loadRunSession } from './load-run-session.ts';
import { provideRunbook } from './provide-runbook.ts';
import { type ChainOutcome, runStages } from './run-stages.ts';
import { superviseRun } from './supervise-run.ts';
import { MAX_PARK_ROUNDS } from './tunables.ts';

/**
 * Runs a claimed session to its end, or to where it stops being ours: every stage that is not completed yet, the final
 * analysis, the executive summary, the end. A function of the session's rows, so that the run of a worker that died is
 * continued by calling it again. Never throws: what goes wrong becomes the session's end, or is left to the next claim.
 */
export function runSession(kernel: Kernel, options: { claim: Claim; shutdown: AbortSignal }): Promise<void> {
  const { claim } = options;
  return withLogContext({ sessionId: claim.sessionId }, async () => {
    const { log } = kernel;
    log.info(
      { attempt: claim.attempts, resumed: claim.resumed },
      claim.resumed ? 'session resumed' : 'session started',
    );
    if (claim.resumed) kernel.metrics.sessionsResumed.inc();
    let run: SupervisedRun | undefined;
    try {
      run = await superviseRun(kernel, options);
      const end = await runToEnd(kernel, claim, run.signal);
      if (end === 'waiting') log.info('session waits for people');
      else await finish(kernel, claim, end);
    } catch (error) {
      await settleStop(kernel, {
        signal: run?.signal,
        thrown: error,
        what: 'run',
        failed: 'TARS failed while running this session',
        finish: (end) => finish(kernel, claim, withReason(end)),
        release: () => releaseLease(kernel.database.pool, claim),
      });
    } finally {
      await run?.close();
    }
  });
}

async function runToEnd(whole: Kernel, claim: Claim, signal: AbortSignal): Promise<ChainOutcome> {
  signal.throwIfAborted();
  if (claim.attempts > MAX_RUN_ATTEMPTS) {
    return { status: 'failed', error: `Given up: the run was interrupted ${claim.attempts - 1} times.` };
  }
  const { database } = whole;
  const session = await loadRunSession(database.pool, claim.sessionId);
  // What the project may not use any more is not there, whatever the snapshot of its chain names.
  const kernel = await openProjectKernel(whole, session.projectId);
  const masker = await loadSessionMasker(kernel, database.pool, claim.sessionId);
  const { sessionId, epoch } = claim;
  const recorder = createRecorder({ database, sessionId, epoch, save: masker.identifiers.save });
  const budget = await openBudget(kernel, session);
  const context: RunContext = {
    kernel,
    session,
    recorder,
    masker,
    budget,
    images: openImageRoom(database.pool, session.id),
    signal,
    log: kernel.log,
    recall: createRecall(kernel, { session, signal }),
    tools: createMemoryTools(kernel, { projectId: session.projectId, sessionId: session.id }),
  };
  try {
    await provideRunbook(context);
    for (let round = 0; round < MAX_PARK_ROUNDS; round += 1) {
      const outcome = await runStages(context);
      if (outcome !== 'waiting') return outcome;
      await recorder.flush();
      const parked = await park(kernel, claim);
      if (parked === 'parked') return 'waiting';
      // Why it is not ours any more, the signal is about to say. Decided in the meantime: it goes on at once.
      if (parked === 'not_ours')
        await pause(LEASE_HEARTBEAT_MS, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    }
    throw new Error('decisions of people were not taken up');
  } finally {
    await recorder.flush().catch(() => undefined);
  }
}

/** Gives the slot back while people think, unless one of them has just decided. */
function park(kernel: Kernel, claim: Claim): ReturnType<typeof parkSession> {
  return kernel.database.transaction((sql) =>
    parkSession(sql, {
      claim,
      undecided: async (locked) => (await findDecidedExecutions(locked, claim.sessionId)).size === 0,
    }),
  );
}

async function finish(kernel: Kernel, claim: Claim, end: SessionEnd): Promise<void> {
  const { sessionId, epoch } = claim;
  const written = await kernel.database.transaction(async (sql) => {
    if (await finishSession(sql, { sessionId, end, epoch })) {
      await scheduleScoring(sql, { sessionId, status: end.status });
      return end;
    }
    // Still ours but in no state for that end: it was cancelled while its last step was written.
    const cancelled: SessionEnd = { status: 'cancelled' };
    return (await finishSession(sql, { sessionId, end: cancelled, epoch })) ? cancelled : null;
  });
  if (!written) return;
  await observeEnd(kernel, sessionId, written);
  kernel.log.info({ status: written.status, error: written.error }, 'session ended');
}

const withReason = (end: StopEnd): SessionEnd =>
  end.status === 'timed_out' ? { ...end, statusReason: 'session timeout' } : end;

async function observeEnd(kernel: Kernel, sessionId: string, end: SessionEnd): Promise<void> {
  const { rows } = await kernel.database.pool.query<{
    chain: string;
    seconds: number | null;
    queued: number | null;
  }>(
    `select chain, extract(epoch from completed_at - started_at)::float as seconds,
       extract(epoch from started_at - created_at)::float as queued from session where id = $1`,
    [sessionId],
  );
  const row = rows[0];
  if (!row) return;
  kernel.metrics.sessionsTerminal.inc({ chain: row.chain, status: end.status });
  if (row.seconds !== null) kernel.metrics.sessionDuration.observe({ chain: row.chain }, row.seconds);
  if (row.queued !== null) kernel.metrics.sessionWait.observe(Math.max(0, row.queued));
}
