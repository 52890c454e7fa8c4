import { expect, test } from 'vitest';
import { configSchema } from '#src/server/config/schema.ts';
import { planSummary } from './plan-summary.ts';

const model = (type: string) => ({ type, model: 'm', baseUrl: 'http://127.0.0.1:1/v1' });
const transport = { type: 'http', url: 'http://127.0.0.1:1/mcp' };
const plan = (options: {
  summarization?: Record<string, unknown> | undefined;
  defaults?: Record<string, unknown>;
  provider?: string;
  fallbackProviders?: string[];
}) =>
  planSummary({
    config: configSchema.parse({
      llmProviders: {
        main: model('openai-compatible'),
        cheap: model('openai-compatible'),
        spare: model('openai-compatible'),
        offline: model('offline'),
      },
      defaults: options.defaults ?? {},
      mcpServers: { box: { transport, summarization: options.summarization } },
    }),
    server: 'box',
    provider: options.provider ?? 'main',
    fallbackProviders: options.fallbackProviders ?? [],
  });

test('only servers that ask for it are summarised', () => {
  expect(plan({})).toBeNull();
  expect(plan({ summarization: { enabled: false } })).toBeNull();
  expect(plan({ summarization: {} })).toEqual({
    thresholdTokens: 5000,
    maxTokens: 1000,
    providers: ['main'],
  });
});

test("the server's provider comes before the default one, that before the execution's own; then the fallbacks", () => {
  const defaults = { summarization: { llmProvider: 'cheap' } };
  expect(plan({ summarization: {}, defaults })?.providers).toEqual(['cheap', 'main']);
  expect(plan({ summarization: { llmProvider: 'spare' }, defaults })?.providers).toEqual(['spare', 'main']);
  const fallbackProviders = ['spare', 'main', 'gone', 'offline'];
  expect(plan({ summarization: {}, defaults, fallbackProviders })?.providers).toEqual([
    'cheap',
    'main',
    'spare',
  ]);
});

test('the offline analyst reads what the tool said, and writes no summaries', () => {
  expect(plan({ summarization: { llmProvider: 'cheap' }, provider: 'offline' })).toBeNull();
  expect(plan({ summarization: { llmProvider: 'offline' } })).toBeNull();
});
