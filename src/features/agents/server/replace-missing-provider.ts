import { replaceProvider, saveExecution } from '#src/features/sessions/server/index.ts';
import type { Config } from '#src/server/config/index.ts';
import type { ExecutionPlan, RunContext } from './run-context.ts';

/**
 * A provider that was removed from the configuration while the session waited or ran: the first fallback that is there
 * takes over. Returns the missing one's name when none is.
 */
export async function replaceMissingProvider(
  context: RunContext,
  { execution, settings }: ExecutionPlan,
  config: Config,
): Promise<string | null> {
  const missing = execution.provider;
  if (config.llmProviders[missing]) return null;
  const to = settings.fallbackProviders.find((name) => config.llmProviders[name]);
  const provider = to === undefined ? undefined : config.llmProviders[to];
  if (to === undefined || provider === undefined) return missing;
  replaceProvider(execution, { provider: to, model: provider.model });
  await context.recorder.commit(async (batch) => {
    saveExecution(batch, execution);
    batch.startItem({
      stageId: execution.stageId,
      executionId: execution.id,
      parentExecutionId: execution.parentExecutionId,
      type: 'provider_fallback',
      status: 'completed',
      content: `${missing} is not configured any more; going on with ${to} (${provider.model}).`,
      data: { from: missing, to, reason: 'not_configured', model: provider.model },
    });
  });
  return null;
}
