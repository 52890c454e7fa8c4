import {
  createRecorder,
  MAX_RUN_ATTEMPTS,
  type Recorder,
  type SupervisedRun,
  settleStop,
  superviseLease,
} from '#src/features/sessions/server/index.ts';
import { loadSessionMasker, type SessionMasker } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { withLogContext } from '#src/server/logger.ts';
import { openProjectKernel } from '#src/server/project-kernel.ts';
import { beatFollowUp, releaseFollowUp } from './claim-follow-up.ts';
import { type FollowUpEnd, finishFollowUp } from './finish-follow-up.ts';
import { type FollowUp, type FollowUpClaim, type FollowUpKind, loadFollowUp } from './follow-up.ts';
import { parkFollowUp } from './wait-for-decision.ts';

export type FollowUpRun = {
  followUp: FollowUp;
  /** Writes to the session's log and timeline, fenced by the follow-up's lane. */
  recorder: Recorder;
  /** Masks what models and errors say. */
  masker: SessionMasker;
  /** Aborts when it is cancelled, times out, is taken over, or the worker shuts down. */
  signal: AbortSignal;
};

/** `waiting`: a person has to decide something first; the handler is called again afterwards. Errors are masked. */
export type FollowUpOutcome =
  | { status: 'completed'; result?: string | null }
  | { status: 'failed' | 'cancelled'; error: string }
  | { status: 'waiting' };

/**
 * Does the work of one kind, from where its rows stand: it is called again for a follow-up whose worker died, or that waited.
 * Throws only when the signal aborts, the lease is lost or the database is not there.
 */
export type FollowUpHandler = (kernel: Kernel, run: FollowUpRun) => Promise<FollowUpOutcome>;
export type FollowUpHandlers = Readonly<Partial<Record<FollowUpKind, FollowUpHandler>>>;

type Options = { claim: FollowUpClaim; handlers: FollowUpHandlers; shutdown: AbortSignal };

/** Runs a claimed follow-up to its end, or to where it stops being ours. Never throws. */
export function runFollowUp(kernel: Kernel, options: Options): Promise<void> {
  const { claim, shutdown } = options;
  return withLogContext({ sessionId: claim.sessionId }, async () => {
    kernel.log.info({ followUpId: claim.followUpId, attempt: claim.attempts }, 'follow-up started');
    let run: SupervisedRun | undefined;
    try {
      const limit = await timeLimit(kernel, claim);
      const beat = () => beatFollowUp(kernel.database.pool, claim);
      run = await superviseLease(kernel, { id: claim.followUpId, beat, ...limit, shutdown });
      const outcome = await runHandler(kernel, options, run.signal);
      if (outcome.status === 'waiting') await parkFollowUp(kernel.database, claim);
      else await finish(kernel, claim, outcome);
    } catch (error) {
      await settleStop(kernel, {
        signal: run?.signal,
        thrown: error,
        what: 'follow-up',
        failed: 'TARS failed in this work',
        finish: (end) => finish(kernel, claim, end),
        release: () => releaseFollowUp(kernel.database.pool, claim),
      });
    } finally {
      await run?.close();
    }
  });
}

async function runHandler(
  kernel: Kernel,
  { claim, handlers }: Options,
  signal: AbortSignal,
): Promise<FollowUpOutcome> {
  signal.throwIfAborted();
  if (claim.attempts > MAX_RUN_ATTEMPTS) {
    return { status: 'failed', error: `Given up: the work was interrupted ${claim.attempts - 1} times.` };
  }
  const { database } = kernel;
  const followUp = await loadFollowUp(database.pool, claim.followUpId);
  const handler = handlers[followUp.kind];
  if (!handler) return { status: 'failed', error: `This worker cannot do such work (${followUp.kind}).` };
  const masker = await loadSessionMasker(kernel, database.pool, claim.sessionId);
  const recorder = createRecorder({ database, ...claim, save: masker.identifiers.save });
  try {
    return await handler(await openProjectKernel(kernel, followUp.projectId), {
      followUp,
      recorder,
      masker,
      signal,
    });
  } finally {
    await recorder.flush().catch(() => undefined);
  }
}

async function finish(kernel: Kernel, claim: FollowUpClaim, end: FollowUpEnd): Promise<void> {
  const written = await kernel.database.transaction(async (sql) => {
    if (await finishFollowUp(sql, { ...claim, end })) return end;
    // Still ours but in no state for that end: it was cancelled while its last step was written.
    const cancelled: FollowUpEnd = { status: 'cancelled' };
    return (await finishFollowUp(sql, { ...claim, end: cancelled })) ? cancelled : null;
  });
  if (written) kernel.log.info({ status: written.status, error: written.error }, 'follow-up ended');
}

/** A follow-up has the time of a session, from its first start; what it waited for people does not count. */
async function timeLimit(
  kernel: Kernel,
  claim: FollowUpClaim,
): Promise<{ remainingMs: number; timedOut: string }> {
  const limitMs = kernel.config.current().queue.sessionTimeout;
  const { rows } = await kernel.database.pool.query<{ elapsed: number }>(
    'select extract(epoch from now() - started_at)::float * 1000 - waited_ms as elapsed from follow_up where id = $1',
    [claim.followUpId],
  );
  return {
    remainingMs: limitMs - (rows[0]?.elapsed ?? 0),
    timedOut: `The time limit of ${Math.round(limitMs / 1000)} s was exceeded.`,
  };
}
