import type { ModelMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import { contextBudget, estimateMessagesTokens, estimateTokens, estimateToolsTokens } from './tokens.ts';

describe('estimateTokens', () => {
  it('counts UTF-8 bytes, so that scripts with long encodings are not underestimated', () => {
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens('abcde')).toBe(2);
    expect(estimateTokens('漢字漢字')).toBe(3);
  });

  it('counts what messages carry and not their metadata', () => {
    const text = 'x'.repeat(400);
    const messages: ModelMessage[] = [
      { role: 'user', content: text },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text, providerOptions: { anthropic: { signature: 'y'.repeat(4000) } } },
          { type: 'tool-call', toolCallId: 'c1', toolName: 'k8s__logs', input: { text } },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'c1',
            toolName: 'k8s__logs',
            output: { type: 'text', value: text },
          },
        ],
      },
    ];
    const total = estimateMessagesTokens(messages);
    expect(total).toBeGreaterThanOrEqual(400);
    expect(total).toBeLessThan(450);
  });

  it('counts the schema of a tool', () => {
    const tool = { name: 'k8s__logs', description: 'Logs', inputSchema: { type: 'object' as const } };
    expect(estimateToolsTokens([])).toBeLessThan(2);
    expect(estimateToolsTokens([tool])).toBeGreaterThan(8);
  });
});

describe('contextBudget', () => {
  it('keeps room for the answer and a margin', () => {
    expect(contextBudget({ contextTokens: 100_000, maxOutputTokens: 8_000 })).toBe(87_000);
    expect(contextBudget({ contextTokens: 1_000, maxOutputTokens: 4_000 })).toBe(0);
  });
});
