import type { LlmProviderConfig } from '#src/server/config/schema.ts';
import { listPriceUsd, type PricedUsage } from './list-price.ts';

const TOKENS_PER_PRICE = 1_000_000;

type PricedProvider = Pick<
  LlmProviderConfig,
  'type' | 'model' | 'baseUrl' | 'pricePerMillion' | 'promotions'
>;

/**
 * Cost of a call in US dollars that was begun at `at`: by a promotion that holds then, else by the configuration's price, else
 * by the bundled list prices. Null means unknown, not free; the offline analyst is free. Reasoning tokens are part of the
 * output and cost the same.
 */
export function estimateCostUsd(provider: PricedProvider, usage: PricedUsage, at: Date): number | null {
  const moment = at.toISOString();
  const promotion = provider.promotions?.find(({ from, until }) => from <= moment && moment < until);
  const price = promotion ?? provider.pricePerMillion;
  if (price === undefined) return provider.type === 'offline' ? 0 : listPriceUsd(provider, usage, at);
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens);
  const cost =
    (usage.inputTokens - cached) * price.input +
    cached * (price.cachedInput ?? price.input) +
    usage.outputTokens * price.output;
  return cost / TOKENS_PER_PRICE;
}
