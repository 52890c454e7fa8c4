import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { generateText, jsonSchema, streamText, tool } from 'ai';
import { describe, expect, it } from 'vitest';
import { createOfflineModel } from './index.ts';
import { fixtureTools } from './testing/fixture-tools.ts';

const model = createOfflineModel({ paceMs: 0 });
const ask = (text: string): LanguageModelV4CallOptions['prompt'] => [
  { role: 'user', content: [{ type: 'text', text }] },
];

async function readAll(
  reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart>,
): Promise<LanguageModelV4StreamPart[]> {
  const parts: LanguageModelV4StreamPart[] = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) parts.push(next.value);
  return parts;
}

async function collect(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamPart[]> {
  const { stream } = await model.doStream(options);
  return readAll(stream.getReader());
}

const ANALYSIS = [
  'Deployment shop/web cannot start because Secret shop/keys does not exist.',
  '## Root cause\nThe Secret is gone.',
  '## Evidence\n- The event: `secret "keys" not found` [tool: t1]',
  '## What to do now\n1. Create the missing Secret:\n   ```sh\n   kubectl create secret\n   ```',
  '## Prevention\n- Check in CI.',
  '## Confidence\n**high**: the event says so.',
].join('\n\n');

describe('the model interface', () => {
  it('streams thinking in several deltas, then tool calls, then a finish with usage', async () => {
    const parts = await collect({ prompt: ask('namespace: shop\npod: web-0'), tools: fixtureTools('k8s') });
    const types = parts.map((part) => part.type);
    expect(types[0]).toBe('stream-start');
    expect(types.filter((type) => type === 'reasoning-delta').length).toBeGreaterThan(3);
    expect(types.lastIndexOf('reasoning-delta')).toBeLessThan(types.indexOf('tool-call'));
    const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
    expect(calls.map((call) => call.toolName)).toEqual(['k8s__pods_list_in_namespace', 'k8s__events_list']);
    const finish = parts.at(-1);
    expect(finish).toMatchObject({ type: 'finish', finishReason: { unified: 'tool-calls' } });
    if (finish?.type === 'finish') {
      expect(finish.usage.inputTokens.total).toBeGreaterThan(0);
      expect(finish.usage.outputTokens.total).toBeGreaterThan(0);
    }
  });

  it('gives the same text streamed and at once', async () => {
    const prompt = ask(`TARS-TASK: executive_summary\n${ANALYSIS}`);
    const streamed = (await collect({ prompt }))
      .flatMap((part) => (part.type === 'text-delta' ? [part.delta] : []))
      .join('');
    const { content } = await model.doGenerate({ prompt });
    expect(content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')).toBe(streamed);
  });

  it('is accepted by the SDK, with tools', async () => {
    const pods = tool({
      inputSchema: jsonSchema<{ namespace: string }>({
        type: 'object',
        properties: { namespace: { type: 'string' } },
        required: ['namespace'],
      }),
    });
    const result = streamText({
      model,
      prompt: 'namespace: shop',
      tools: { a__pods_list_in_namespace: pods },
    });
    const calls = await result.toolCalls;
    expect(calls.map((call) => [call.toolName, call.input])).toEqual([
      ['a__pods_list_in_namespace', { namespace: 'shop' }],
    ]);
    expect((await generateText({ model, prompt: 'namespace: shop' })).text).toContain('I do not know');
  });

  it('ends with an error when it is aborted', async () => {
    const slow = createOfflineModel({ paceMs: 50 });
    const abort = new AbortController();
    const { stream } = await slow.doStream({ prompt: ask('x'), abortSignal: abort.signal });
    const reader = stream.getReader();
    await reader.read();
    abort.abort(new Error('stop'));
    await expect(readAll(reader)).rejects.toThrow('stop');
  });

  it.each([
    ['no message', []],
    ['an empty message', ask('')],
    ['a cut marker', ask('TARS-TASK:')],
    ['binary rubbish', ask('\u0000\uFFFD{{{[[[`")('.repeat(2_000))],
    [
      'a result without its call',
      [
        {
          role: 'tool',
          content: [
            {
              type: 'tool-result',
              toolCallId: 'x',
              toolName: 'a__pods_get',
              output: { type: 'text', value: ': :\n\t- [' },
            },
          ],
        },
      ],
    ],
  ] satisfies [string, LanguageModelV4CallOptions['prompt']][])(
    'answers %s without an error',
    async (_name, prompt) => {
      const { content } = await model.doGenerate({ prompt });
      expect(content.some((part) => part.type === 'text' && part.text !== '')).toBe(true);
    },
  );
});

describe('tasks other than an investigation', () => {
  const answer = async (text: string, system = ''): Promise<string> => {
    const prompt: LanguageModelV4CallOptions['prompt'] = [
      ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
      ...ask(text),
    ];
    const { content } = await model.doGenerate({ prompt });
    return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
  };

  it('summarises for executives', async () => {
    const text = await answer(`Summarise.\n${ANALYSIS}`, 'TARS-TASK: executive_summary\nBe brief.');
    expect(text).toMatch(
      /^Deployment shop\/web cannot start.*Next step: Create the missing Secret\. Confidence is high\./,
    );
    expect(text).not.toContain('##');
  });

  it('takes the most certain of several analyses', async () => {
    const unsure = ANALYSIS.replace('Deployment shop/web', 'Deployment shop/other').replace(
      '**high**',
      '**low**',
    );
    const text = await answer(
      `TARS-TASK: synthesis\n<analysis>\n${unsure}\n</analysis>\n<analysis>\n${ANALYSIS}\n</analysis>`,
    );
    expect(text.split('\n')[0]).toBe(
      'Deployment shop/web cannot start because Secret shop/keys does not exist.',
    );
    expect(text).toContain('Differs: Deployment shop/other');
    expect(text).toContain('[tool: t1]');
  });

  it('concludes without tools when it must', async () => {
    const { content } = await model.doGenerate({
      prompt: [...ask('namespace: shop'), ...ask('TARS-TASK: forced_conclusion\nConclude now.')],
      tools: fixtureTools('k8s'),
    });
    expect(content.some((part) => part.type === 'tool-call')).toBe(false);
    expect(content.some((part) => part.type === 'text' && part.text.includes('told to end here'))).toBe(true);
  });

  it('does not repeat calls that a compaction summary names', async () => {
    const call = { toolCallId: 'c1', toolName: 'k8s__events_list' };
    const before: LanguageModelV4CallOptions['prompt'] = [
      ...ask('namespace: shop'),
      { role: 'assistant', content: [{ type: 'tool-call', ...call, input: { namespace: 'shop' } }] },
      {
        role: 'tool',
        content: [{ type: 'tool-result', ...call, output: { type: 'text', value: '# No events found' } }],
      },
      ...ask('TARS-TASK: compaction\nSummarise.'),
    ];
    const { content: summary } = await model.doGenerate({ prompt: before });
    const text = summary.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
    const { content } = await model.doGenerate({
      prompt: [...ask('namespace: shop'), ...ask(text)],
      tools: fixtureTools('k8s'),
    });
    expect(content.flatMap((part) => (part.type === 'tool-call' ? [part.toolName] : []))).toEqual([
      'k8s__pods_list_in_namespace',
    ]);
  });
});
