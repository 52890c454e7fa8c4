import type { LanguageModelV4CallOptions, LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import { describe, expect, test } from 'vitest';
import { createOfflineModel } from './index.ts';

const ANALYSIS = `Deployment shop/checkout ends at once because the key \`DSN\` is missing from Secret shop/db.

## Root cause

The Secret has other keys [tool: t4].

## Evidence

- The log says so [tool: t3].

## What to do now

1. Add the key.

## Prevention

- Check in CI.

## Ruled out / looked at

- The memory limit.

## Confidence

**high**: log and object agree.`;

const SEARCH: LanguageModelV4FunctionTool = {
  type: 'function',
  name: 'tars__timeline_search',
  inputSchema: { type: 'object' },
};

/** What the search gave, as its tool writes it. */
const FOUND = `# result t2 · cluster.pods_get {"name":"checkout-1","namespace":"shop"}
  12: memory: 384Mi  (in spec.containers.resources.limits)
  30: restartCount: 8  (in status.containerStatuses)
  31: already: true

# result t1: cluster.pods_list {"namespace":"shop"}
  1: NAMESPACE   NAME   MEMORY   LIMIT

# entry e1 · user message of eve
  1: Is redis-7 at its memory limit?`;

type Prompt = LanguageModelV4CallOptions['prompt'];

const opening = (question: string, analysis = ANALYSIS): Prompt => [
  { role: 'system', content: 'You are TARS.' },
  {
    role: 'user',
    content: [
      {
        type: 'text',
        text: `TARS-TASK: chat

<<<BEGIN DATA: alert>>>
Label namespace: shop
<<<END DATA: alert>>>

<<<BEGIN DATA: final analysis>>>
${analysis}
<<<END DATA: final analysis>>>

<<<BEGIN DATA: tool calls of the investigation>>>
result t1: cluster.pods_list {"namespace":"shop"} · completed, 900 bytes: NAME
result t2: cluster.pods_get {"name":"checkout-1"} · completed, 4000 bytes: apiVersion: v1
<<<END DATA: tool calls of the investigation>>>

<<<BEGIN DATA: question of ann>>>
${question}
<<<END DATA: question of ann>>>

Answer the question.`,
      },
    ],
  },
];

const searched = (question: string, found: string, analysis = ANALYSIS): Prompt => [
  ...opening(question, analysis),
  {
    role: 'assistant',
    content: [{ type: 'tool-call', toolCallId: 's1', toolName: SEARCH.name, input: { query: question } }],
  },
  {
    role: 'tool',
    content: [
      {
        type: 'tool-result',
        toolCallId: 's1',
        toolName: SEARCH.name,
        output: { type: 'text', value: `${found}\n\n[tool: s1]` },
      },
    ],
  },
];

async function say(prompt: Prompt, tools = [SEARCH]): Promise<{ text: string; queries: unknown[] }> {
  const { content } = await createOfflineModel({ paceMs: 0 }).doGenerate({ prompt, tools });
  return {
    text: content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join(''),
    queries: content.flatMap((part) => (part.type === 'tool-call' ? [JSON.parse(part.input).query] : [])),
  };
}

describe('a question about an investigation', () => {
  test('is looked up in the session first, once', async () => {
    const first = await say(opening('How large is the memory limit?'));
    expect(first.text).toBe('');
    expect(first.queries).toEqual([expect.stringMatching(/^How large is the memory limit\?.* capacity/)]);
    expect((await say(searched('How large is the memory limit?', FOUND))).queries).toEqual([]);
  });

  test.each([
    ['How do I fix it?', 'Add the key.', 'Check in CI'],
    ['How do we prevent this?', 'Check in CI.', 'Add the key'],
    ['Why did it crash?', 'The Secret has other keys [tool: t4].', 'Add the key'],
    ['How sure are you?', '**high**: log and object agree.', 'Add the key'],
    ['What is the evidence?', 'The log says so [tool: t3].', 'Add the key'],
    ['What did you rule out?', 'The memory limit.', 'Add the key'],
    ['What happened, in one sentence?', 'because the key `DSN` is missing', 'Add the key'],
  ])('%s: the part of the analysis that it asks for', async (question, part, other) => {
    const { text } = await say(searched(question, ''));
    expect(text).toContain(part);
    expect(text).not.toContain(other);
    expect(text).toContain('not a language model');
  });

  test('is answered with the line that holds the answer, and where it is from', async () => {
    const { text } = await say(searched('What is the memory limit of checkout?', FOUND));
    expect(text).toContain(
      '- `memory: 384Mi` in `spec.containers.resources.limits`, from pods_get of checkout-1 [tool: t2]',
    );
    expect(text).not.toContain('NAMESPACE');
    expect(text).not.toContain('restartCount');
    const { text: restarts } = await say(searched('How often did it restart?', FOUND));
    expect(restarts).toContain('- `restartCount: 8`');
  });

  test('about something that the session does not hold is answered plainly', async () => {
    const { text } = await say(searched('Who is the CEO of the company?', 'No line matches.'));
    expect(text).toMatch(/^This session holds no answer to that\. Its 2 tool calls were searched/);
    expect(text).toContain('“ceo”, “company”');
  });

  test('with a name that nothing mentions: what people asked before is no evidence', async () => {
    const { text } = await say(searched('Is redis-7 at its memory limit?', FOUND));
    expect(text).toMatch(/^This session holds no answer to that: nothing in it mentions “redis-7”\./);
    expect(text).not.toContain('384Mi');
  });

  test('that only shares a word with the analysis gets no answer made of it', async () => {
    const { text } = await say(searched('What is the CPU quota and price of checkout?', 'No line matches.'));
    expect(text).toMatch(/^This session holds no answer to that/);
  });

  test('half of which is about something that is nowhere gets no line for the other half', async () => {
    const found =
      '# result t2 · cluster.pods_get {"name":"checkout-1"}\n  9: nodeName: worker-2  (in spec)\n\nFound nowhere: price.';
    const { text } = await say(searched('What is the price of the node?', found));
    expect(text).toMatch(/^This session holds no answer to that/);
    expect(text).not.toContain('worker-2');
  });

  test('is answered with the sentence of the analysis that holds it, with its evidence', async () => {
    const { text } = await say(searched('Which keys does the secret have?', 'No line matches.'));
    expect(text).toContain('The Secret has other keys [tool: t4].');
  });

  test('a sentence of the analysis is quoted without references that lead nowhere', async () => {
    const found = '# entry e1 · final analysis of kubernetes\n  9: - The Secret has other keys (tool: t4).';
    const { text } = await say(searched('Which other keys has the secret?', found));
    expect(text).toContain('- The Secret has other keys.');
  });

  test('about now is answered from then, and says so', async () => {
    const { text } = await say(searched('Is it still happening now?', ''));
    expect(text).toContain('because the key `DSN` is missing');
    expect(text).toContain('run the session again to see how it is now');
  });

  test('about an analysis of another model, or none at all, still gets what there is', async () => {
    expect((await say(searched('What happened?', '', 'The disk of node-3 is full.'))).text).toContain(
      'The disk of node-3 is full.',
    );
    expect((await say(searched('How do I fix it?', '', ''))).text).toContain('holds no answer');
  });

  test('has no tools left at its forced conclusion', async () => {
    const end: Prompt = [
      { role: 'user', content: [{ type: 'text', text: 'TARS-TASK: forced_conclusion\nNow.' }] },
    ];
    const { text, queries } = await say([...opening('How do I fix it?'), ...end], []);
    expect(queries).toEqual([]);
    expect(text).toContain('Add the key.');
    const unsearched = await say([...opening('Which image is it?'), ...end], []);
    expect(unsearched.text).toMatch(/^I cannot answer that: no tool may be called any more/);
  });
});
