import type { RunStatus } from '#src/features/sessions/schema.ts';
import type { SuccessPolicy } from '#src/server/config/index.ts';

type Ended = { agent: string; status: RunStatus; error: string | null; result: string | null };

export type StageResult =
  | { status: 'completed'; result: string }
  | { status: 'failed' | 'timed_out' | 'cancelled'; error: string };

/**
 * What a stage comes to, from its executions in configured order. `all` needs every one, `any` at least one. A failed stage
 * is timed out (cancelled) when everything that failed in it was, and its error names each agent.
 */
export function aggregateStage(executions: readonly Ended[], policy: SuccessPolicy): StageResult {
  const succeeded = executions.filter((execution) => execution.status === 'completed');
  const failed = executions.filter((execution) => execution.status !== 'completed');
  const enough = policy === 'all' ? failed.length === 0 : succeeded.length > 0;
  if (enough) return { status: 'completed', result: joinResults(succeeded) };
  const error = failed
    .map((execution) => `${execution.agent}: ${execution.error ?? execution.status}`)
    .join('; ');
  if (failed.every((execution) => execution.status === 'timed_out')) return { status: 'timed_out', error };
  if (failed.every((execution) => execution.status === 'cancelled')) return { status: 'cancelled', error };
  return { status: 'failed', error };
}

function joinResults(executions: readonly Ended[]): string {
  const [only] = executions;
  if (executions.length === 1) return only?.result ?? '';
  return executions.map(({ agent, result }) => `# ${agent}\n\n${result ?? ''}`).join('\n\n');
}
