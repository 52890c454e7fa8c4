import { describe, expect, it } from 'vitest';
import type { LlmProviderType } from '#src/server/config/schema.ts';
import { estimateCostUsd } from './cost.ts';

const MILLION = 1_000_000;
const usage = { inputTokens: MILLION, outputTokens: MILLION / 2, cachedInputTokens: 0, cacheWriteTokens: 0 };
const at = new Date('2026-11-01T00:00:00Z');
const costOf = (type: LlmProviderType, model: string, changes: { baseUrl?: string; used?: object } = {}) =>
  estimateCostUsd({ type, model, baseUrl: changes.baseUrl }, { ...usage, ...changes.used }, at);

describe('a price of the configuration', () => {
  const priced = (pricePerMillion: { input: number; output: number; cachedInput?: number }) =>
    estimateCostUsd(
      { type: 'openai', model: 'gpt-5', pricePerMillion },
      { ...usage, cachedInputTokens: 0.4 * MILLION },
      at,
    );

  it('comes before the bundled one, for input, cached input and output', () => {
    expect(priced({ input: 1, output: 4 })).toBeCloseTo(3);
    expect(priced({ input: 1, output: 4, cachedInput: 0.1 })).toBeCloseTo(2.64);
  });

  it('may say that a model of ours is free', () => {
    expect(priced({ input: 0, output: 0 })).toBe(0);
  });
});

describe('a promotion', () => {
  const promotions = [
    { from: '2026-11-01T00:00:00.000Z', until: '2026-12-01T00:00:00.000Z', input: 0.5, output: 1 },
  ];
  const costAt = (time: string, pricePerMillion?: { input: number; output: number }) =>
    estimateCostUsd({ type: 'openai', model: 'gpt-5', promotions, pricePerMillion }, usage, new Date(time));

  it.each([
    ['2026-10-31T23:59:59.999Z', 3],
    ['2026-11-01T00:00:00.000Z', 1],
    ['2026-11-30T23:59:59.999Z', 1],
    ['2026-12-01T00:00:00.000Z', 3],
  ])('holds from its beginning to just before its end: %s costs %d', (time, cost) => {
    expect(costAt(time, { input: 1, output: 4 })).toBeCloseTo(cost);
  });

  it('takes the place of the bundled price, too', () => {
    expect(costAt('2026-11-15T00:00:00Z')).toBeCloseTo(1);
    expect(costAt('2026-12-15T00:00:00Z')).toBeCloseTo(1.25 + 5);
  });
});

describe('the bundled list prices', () => {
  it('know the models of each provider', () => {
    expect(costOf('openai', 'gpt-5')).toBeCloseTo(1.25 + 5);
    expect(costOf('google', 'gemini-2.5-flash')).toBeCloseTo(0.3 + 1.25);
    expect(costOf('vertex', 'gemini-2.5-flash')).toBeCloseTo(0.3 + 1.25);
    expect(costOf('xai', 'grok-4', { used: { inputTokens: 100_000, outputTokens: 0 } })).toBeCloseTo(0.3);
    expect(costOf('anthropic', 'claude-opus-4-7')).toBeCloseTo(5 + 12.5);
  });

  it('charge less for what came from the cache, and more for what was put there', () => {
    const plain = costOf('anthropic', 'claude-opus-4-7') ?? 0;
    const read = costOf('anthropic', 'claude-opus-4-7', { used: { cachedInputTokens: MILLION } }) ?? 0;
    const written = costOf('anthropic', 'claude-opus-4-7', { used: { cacheWriteTokens: MILLION } }) ?? 0;
    expect(plain - read).toBeCloseTo(4.5);
    expect(written - plain).toBeCloseTo(1.25);
  });

  it('take a report of more cached tokens than tokens as it can be meant', () => {
    const used = { cachedInputTokens: 3 * MILLION, cacheWriteTokens: MILLION };
    expect(costOf('openai', 'gpt-5', { used })).toBeCloseTo(0.125 + 5);
  });

  it.each([
    ['openai', 'gpt-99'],
    ['openai', 'ft:gpt-5:acme'],
    ['anthropic', 'gpt-5'],
    ['openai', 'claude-opus-4-7'],
    ['xai', 'scripted'],
  ] as const)('do not guess for %s %s', (type, model) => {
    expect(costOf(type, model)).toBeNull();
  });

  it('know a compatible server by its address, never by the name of its model', () => {
    expect(costOf('openai-compatible', 'gpt-5', { baseUrl: 'http://127.0.0.1:4010/v1' })).toBeNull();
    expect(
      costOf('openai-compatible', 'deepseek-chat', { baseUrl: 'https://api.deepseek.com/v1' }),
    ).toBeGreaterThan(0);
  });
});

it('the offline analyst is free, not unknown', () => {
  expect(costOf('offline', 'analyst')).toBe(0);
});
