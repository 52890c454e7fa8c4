import type { ModelMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import { normalizeInputSchema, prepareTools, toWireMessages, toWireToolName } from './wire-tools.ts';

describe('toWireToolName', () => {
  it('leaves a name that every provider takes as it is', () => {
    expect(toWireToolName('k8s__pods_list-2')).toBe('k8s__pods_list-2');
  });

  it('makes other names fit, always the same and never two alike', () => {
    const long = `cluster__${'x'.repeat(80)}`;
    const names = ['a.b__c', 'a_b__c', 'a b__c', long, `${long}y`].map(toWireToolName);
    expect(new Set(names).size).toBe(5);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(toWireToolName('a.b__c')).toBe(names[0]);
  });
});

describe('prepareTools', () => {
  it('sends no tools rather than an empty list, and restores names', () => {
    expect(prepareTools([]).tools).toBeUndefined();
    const { tools, restoreName } = prepareTools([{ name: 'a.b__c', description: 'd', inputSchema: {} }]);
    const [wireName] = Object.keys(tools ?? {});
    expect(restoreName(wireName ?? '')).toBe('a.b__c');
    expect(restoreName('invented')).toBe('invented');
  });
});

describe('normalizeInputSchema', () => {
  it('completes a schema without parameters and drops the dialect', () => {
    const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', additionalProperties: false };
    expect(normalizeInputSchema(schema)).toEqual({
      type: 'object',
      properties: {},
      additionalProperties: false,
    });
  });
});

describe('toWireMessages', () => {
  it('renames calls and results alike and touches nothing else', () => {
    const messages: ModelMessage[] = [
      { role: 'user', content: 'x' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'a.b__c' },
          { type: 'tool-call', toolCallId: '1', toolName: 'a.b__c', input: {} },
        ],
      },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', toolCallId: '1', toolName: 'a.b__c', output: { type: 'text', value: 'r' } },
        ],
      },
    ];
    const wireName = toWireToolName('a.b__c');
    expect(toWireMessages(messages)).toMatchObject([
      { role: 'user', content: 'x' },
      { content: [{ type: 'text', text: 'a.b__c' }, { toolName: wireName }] },
      { content: [{ toolName: wireName, toolCallId: '1' }] },
    ]);
  });
});
