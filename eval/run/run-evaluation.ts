import { tmpdir } from 'node:os';
import type { Evaluation, EvaluationResult, EvaluationSummary } from '#src/features/evaluations/schema.ts';
import {
  closeAbandonedEvaluations,
  type EvaluationEnd,
  finishEvaluation,
  readEvaluation,
  recordResult,
  startEvaluation,
} from '#src/features/evaluations/server/index.ts';
import { withoutCosts } from '#src/lib/without-costs.ts';
import { errorMessage } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { Scenario } from '../scenario/scenario-schema.ts';
import { chooseSubject, type EvaluationSubject } from './evaluation-config.ts';
import { type AttemptOptions, runAttempt } from './run-attempt.ts';
import { removeLeftScratch } from './scratch-directories.ts';

export type EvaluationOptions = {
  scenarios: readonly Scenario[];
  subject: EvaluationSubject;
  /** Attempts per scenario. */
  runs: number;
  /** Attempts side by side. */
  concurrency: number;
  /** Ends it after what runs now has been stopped; what was done is kept. */
  signal: AbortSignal;
  onResult?: (result: Omit<EvaluationResult, 'createdAt'>, summary: EvaluationSummary) => void;
};

/**
 * Replays the scenarios and writes each attempt as soon as it has ended. Returns the evaluation as it is kept. Throws
 * `bad_request` for an unknown provider or chain, and what keeps results from being written.
 */
export async function runEvaluation(kernel: Kernel, options: EvaluationOptions): Promise<Evaluation> {
  const { scenarios, runs, subject } = options;
  const chosen = chooseSubject(kernel.config.current(), subject);
  const showsCosts = kernel.config.current().costs.enabled;
  await closeAbandonedEvaluations(kernel);
  await removeLeftScratch(tmpdir()).catch((error: unknown) =>
    kernel.log.warn({ err: error }, 'directories of earlier evaluations could not be removed'),
  );
  const planned = scenarios.length * runs;
  const evaluation = await startEvaluation(kernel, { ...chosen, runs, planned });
  const own = new AbortController();
  const signal = AbortSignal.any([options.signal, own.signal]);
  // Every scenario once before any twice: what is stopped early has seen as much as possible.
  const attempts = Array.from({ length: runs }, (_, index) =>
    scenarios.map(
      (scenario): AttemptOptions => ({ evaluation, subject, scenario, attempt: index + 1, signal }),
    ),
  ).flat();
  let end: EvaluationEnd = { status: 'failed', error: 'It was not finished.' };
  try {
    await runSideBySide(attempts, options.concurrency, async (attempt) => {
      if (signal.aborted) return;
      try {
        const result = await runAttempt(kernel, attempt);
        if (!result) return;
        const summary = await recordResult(kernel, { evaluationId: evaluation.id, result });
        options.onResult?.(showsCosts ? result : withoutCosts(result), summary);
      } catch (error) {
        // Results that cannot be written must not cost any more model calls.
        own.abort(error);
        throw error;
      }
    });
    end = options.signal.aborted
      ? { status: 'cancelled', error: 'Stopped before it was finished.' }
      : { status: 'completed' };
  } catch (error) {
    end = { status: 'failed', error: errorMessage(error) };
    throw error;
  } finally {
    await finishEvaluation(kernel, { evaluationId: evaluation.id, end }).catch((error: unknown) =>
      kernel.log.error({ err: error }, 'the end of the evaluation could not be written'),
    );
    await evaluation.release();
  }
  return readEvaluation(kernel, { projectId: evaluation.projectId, evaluationId: evaluation.id });
}

/** Runs `work` on every item, so many at once, and waits for all that began; then throws the first failure. */
async function runSideBySide<T>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const runLane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  const lanes = await Promise.allSettled(Array.from({ length: concurrency }, runLane));
  for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason;
}
