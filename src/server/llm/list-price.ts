import { createRequire } from 'node:module';
import type { LlmProviderConfig, LlmProviderType } from '#src/server/config/schema.ts';
import type { LlmUsage } from './types.ts';

const require = createRequire(import.meta.url);
/** Loaded with the first call that needs it: it takes 20 MB, and neither the web process nor the offline analyst does. */
const loadCatalogue = (): typeof import('@pydantic/genai-prices') => require('@pydantic/genai-prices');

/** Names of the catalogue. A compatible server is known by its address only: any of them may offer any model's name. */
const CATALOGUE_PROVIDERS: Record<Exclude<LlmProviderType, 'openai-compatible' | 'offline'>, string> = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'google',
  vertex: 'google',
  xai: 'x-ai',
};

export type PricedUsage = Pick<
  LlmUsage,
  'inputTokens' | 'outputTokens' | 'cachedInputTokens' | 'cacheWriteTokens'
>;

/**
 * What the call costs at the provider's list price at the time `at`, from the catalogue that is bundled with the product;
 * null when the catalogue does not know the model of this provider for certain.
 */
export function listPriceUsd(
  provider: Pick<LlmProviderConfig, 'type' | 'model' | 'baseUrl'>,
  usage: PricedUsage,
  at: Date,
): number | null {
  const from = catalogueProvider(provider);
  if (from === null) return null;
  // Parts of the input, so never more than it, whatever a server reports.
  const read = Math.min(usage.cachedInputTokens, usage.inputTokens);
  const written = Math.min(usage.cacheWriteTokens, usage.inputTokens - read);
  const price = loadCatalogue().calcPrice(
    {
      input_tokens: usage.inputTokens,
      cache_read_tokens: read,
      cache_write_tokens: written,
      output_tokens: usage.outputTokens,
    },
    provider.model,
    { ...from, timestamp: at },
  );
  return price?.total_price ?? null;
}

function catalogueProvider(
  provider: Pick<LlmProviderConfig, 'type' | 'baseUrl'>,
): { providerId: string } | { providerApiUrl: string } | null {
  switch (provider.type) {
    case 'offline':
      return null;
    case 'openai-compatible':
      return provider.baseUrl === undefined ? null : { providerApiUrl: provider.baseUrl };
    default:
      return { providerId: CATALOGUE_PROVIDERS[provider.type] };
  }
}
