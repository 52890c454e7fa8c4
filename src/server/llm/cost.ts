import type { LlmProviderConfig } from '#src/server/config/schema.ts';
import type { LlmUsage } from './types.ts';

const TOKENS_PER_PRICE = 1_000_000;

/** Cost of a call in US dollars; null when the configuration names no price. Cached input costs the same unless priced. */
export function estimateCostUsd(
  provider: Pick<LlmProviderConfig, 'pricePerMillion'>,
  usage: Pick<LlmUsage, 'inputTokens' | 'outputTokens' | 'cachedInputTokens'>,
): number | null {
  const price = provider.pricePerMillion;
  if (price === undefined) return null;
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens);
  const cost =
    (usage.inputTokens - cached) * price.input +
    cached * (price.cachedInput ?? price.input) +
    usage.outputTokens * price.output;
  return cost / TOKENS_PER_PRICE;
}
