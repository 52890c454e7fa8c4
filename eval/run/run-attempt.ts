import { alertmanagerSchema, type IncomingAlert } from '#src/features/alerts/schema.ts';
import { fromAlertmanager, receiveAlert } from '#src/features/alerts/server/index.ts';
import type { EvaluationResult } from '#src/features/evaluations/schema.ts';
import { type RunningEvaluation, runnerOf } from '#src/features/evaluations/server/index.ts';
import { errorMessage } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { evaluateAttempt } from '../judge/evaluate-attempt.ts';
import type { Scenario } from '../scenario/scenario-schema.ts';
import { CLUSTER_SERVER, type EvaluationSubject, evaluationConfig } from './evaluation-config.ts';
import { readAttempt } from './read-attempt.ts';
import { runToEnd } from './run-to-end.ts';
import { startScenarioCluster } from './start-scenario-cluster.ts';

export type AttemptOptions = {
  evaluation: Pick<RunningEvaluation, 'id' | 'projectId'>;
  subject: EvaluationSubject;
  scenario: Scenario;
  attempt: number;
  signal: AbortSignal;
};

type Result = Omit<EvaluationResult, 'createdAt'>;

/**
 * One attempt at one scenario: a cluster of its own, the alert through the real intake, the investigation as a worker
 * runs it, and the verdict. What keeps it from being made becomes its failure. Null when `signal` ended it.
 */
export async function runAttempt(kernel: Kernel, options: AttemptOptions): Promise<Result | null> {
  const { scenario, attempt, signal } = options;
  const { name, title, difficulty } = scenario;
  const head = { scenario: name, title, difficulty, attempt };
  try {
    const ran = await investigate(kernel, options);
    if (signal.aborted) return null;
    const failures = evaluateAttempt(scenario.expect, ran.facts);
    return { ...head, sessionId: ran.sessionId, passed: failures.length === 0, failures, ...ran.usage };
  } catch (error) {
    if (signal.aborted) return null;
    kernel.log.error({ err: error, scenario: name, attempt }, 'an attempt could not be made');
    const message = `The attempt could not be made: ${errorMessage(error)}`;
    const usage = { inputTokens: 0, outputTokens: 0, costUsd: 0, durationMs: 0 };
    return { ...head, sessionId: null, passed: false, failures: [{ kind: 'run', message }], ...usage };
  }
}

async function investigate(kernel: Kernel, options: AttemptOptions) {
  const { evaluation, subject, scenario, attempt, signal } = options;
  const seed = `${scenario.name}/${attempt}`;
  await using cluster = await startScenarioCluster(scenario, seed);
  const config = evaluationConfig(kernel.config.current(), {
    ...subject,
    kubeconfig: cluster.kubeconfig,
    maxIterations: scenario.maxIterations,
  });
  // Everything of the run sees this configuration and no other.
  const own: Kernel = { ...kernel, config: { current: () => config } };
  const [alert] = fromAlertmanager(alertmanagerSchema.parse(cluster.payload));
  if (!alert) throw new Error('the scenario has no alert');
  const reservedFor = `${runnerOf(evaluation.id)}/${seed}`;
  const { sessionId } = await receiveAlert(own, {
    projectId: evaluation.projectId,
    actor: 'evaluation',
    alert: ownProblem(alert, `${evaluation.id}/${seed}`),
    reservedFor,
  });
  if (!sessionId) throw new Error('the alert has no session');
  await runToEnd(own, { projectId: evaluation.projectId, sessionId, reservedFor, signal });
  return { sessionId, ...(await readAttempt(own.database.pool, sessionId)) };
}

/** Every attempt is a problem of its own, and its tools are those of its cluster. */
const ownProblem = (alert: IncomingAlert, fingerprint: string): IncomingAlert => ({
  ...alert,
  fingerprint,
  mcp: { servers: [{ name: CLUSTER_SERVER }] },
});
