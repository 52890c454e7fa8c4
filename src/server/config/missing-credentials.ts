import { PROVIDER_KEY_VARIABLES } from './builtins.ts';
import type { LlmProviderConfig } from './schema.ts';

/**
 * The environment variable that would give the provider the key it lacks; null when it has one or needs none. A gateway
 * (`baseUrl`) may know who calls by other means, and so does Google for a Vertex project.
 */
export function missingKey(
  provider: Pick<LlmProviderConfig, 'type' | 'apiKey' | 'baseUrl' | 'project'>,
): string | null {
  const variable = PROVIDER_KEY_VARIABLES[provider.type];
  if (variable === undefined || provider.apiKey !== undefined || provider.baseUrl !== undefined) return null;
  return provider.type === 'vertex' && provider.project !== undefined ? null : variable;
}
