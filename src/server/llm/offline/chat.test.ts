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

const EARLIER = (asked: string) => `<<<BEGIN DATA: earlier questions and answers>>>
ann asked: ${asked}
TARS answered: Something.
<<<END DATA: earlier questions and answers>>>`;

const opening = (question: string, analysis = ANALYSIS, earlier = ''): Prompt => [
  { role: 'system', content: 'You are TARS.' },
  {
    role: 'user',
    content: [
      {
        type: 'text',
        text: `TARS-TASK: chat

<<<BEGIN DATA: alert>>>
Firing since: 2026-01-15T09:03:00Z
Label namespace: shop
Label team: payments
Label severity: critical
<<<END DATA: alert>>>

<<<BEGIN DATA: final analysis>>>
${analysis}
<<<END DATA: final analysis>>>

<<<BEGIN DATA: tool calls of the investigation>>>
result t1: cluster.pods_list {"namespace":"shop"} · completed, 900 bytes: NAME
result t2: cluster.pods_get {"name":"checkout-1"} · completed, 4000 bytes: apiVersion: v1
<<<END DATA: tool calls of the investigation>>>

${earlier}

<<<BEGIN DATA: question of ann>>>
${question}
<<<END DATA: question of ann>>>

Answer the question.`,
      },
    ],
  },
];

const searched = (question: string, found: string, analysis = ANALYSIS, earlier = ''): Prompt => [
  ...opening(question, analysis, earlier),
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
    const { text } = await say(searched('Which other keys has the secret?', found, 'See the Secret.'));
    expect(text).toContain('- The Secret has other keys.');
  });

  test('about now is answered from then, and says so', async () => {
    const { text } = await say(searched('Is it still happening now?', ''));
    expect(text).toContain('because the key `DSN` is missing');
    expect(text).toContain('run the session again to see how it is now');
  });

  test.each(['Is it fixed?', 'Has it recovered?', 'Is this over?'])(
    '%s: told how it was, and that',
    async (question) => {
      const { text } = await say(searched(question, 'No line matches.'));
      expect(text).toContain('because the key `DSN` is missing');
      expect(text).toContain('run the session again');
    },
  );

  test.each(['did you restart it?', 'What have you changed?'])(
    '%s: told what was called, not what happened',
    async (question) => {
      const { text } = await say(searched(question, FOUND));
      expect(text).toContain('This session has called `pods_list`, `pods_get`.');
      expect(text).toContain('nothing was changed');
      expect(text).not.toContain('restartCount');
    },
  );

  test('what was called is not said to be harmless where a tool is not known to be', async () => {
    const prompt = JSON.stringify(searched('did you change anything?', FOUND)).replace(
      'cluster.pods_get',
      'box.write',
    );
    const { text } = await say(JSON.parse(prompt));
    expect(text).toContain('`write`');
    expect(text).not.toContain('nothing was changed');
  });

  test('since when: told from the alert and the times of objects', async () => {
    const found =
      '# result t2 · cluster.pods_get {"name":"checkout-1"}\n  9: startTime: "2026-01-15T08:44:02Z"  (in status)\n  10: started: false  (in status)';
    const first = await say(opening('since when?'));
    expect(first.queries).toEqual([expect.stringContaining('starttime')]);
    const { text } = await say(searched('since when?', found));
    expect(text).toContain('firing since 2026-01-15T09:03:00Z');
    expect(text).toContain('startTime: "2026-01-15T08:44:02Z"');
    expect(text).not.toContain('started: false');
  });

  test('whose: a label that names people, or nobody', async () => {
    const found =
      '# result t2 · cluster.pods_get {"name":"checkout-1"}\n  9: blockOwnerDeletion: true  (in metadata)';
    const { text } = await say(searched('Who owns this service?', found));
    expect(text).toContain('- `Label team: payments`, from the alert');
    expect(text).not.toContain('blockOwnerDeletion');
  });

  test('what the alert itself says is known', async () => {
    const { text } = await say(
      searched('What is the severity?', 'No line matches.\n\nFound nowhere: severity.'),
    );
    expect(text).toContain('`Label severity: critical`, from the alert');
  });

  test('a guess at the cause is not confirmed by a setting of the same name', async () => {
    const found =
      '# result t2 · cluster.pods_get {"name":"checkout-1"}\n  9: dnsPolicy: ClusterFirst  (in spec)';
    const { text } = await say(searched('Could it be a dns problem?', found));
    expect(text).toMatch(/^This session holds no answer to that/);
    expect(text).not.toContain('dnsPolicy');
  });

  test('slips of the pen are mended, and said', async () => {
    const first = await say(opening('What is teh memroy limit?'));
    expect(first.queries).toEqual([expect.stringContaining(' memory')]);
    const { text } = await say(searched('What is the memroy limit?', `${FOUND}\n\nFound nowhere: memroy.`));
    expect(text).toMatch(/^I read “memroy” as “memory”\./);
    expect(text).toContain('memory: 384Mi');
    // Another name is no slip.
    expect((await say(opening('Is checkout-2 at its limit?'))).queries).toEqual([
      expect.not.stringContaining('checkout-1'),
    ]);
  });

  test('one that says nothing by itself goes on with the one before it', async () => {
    const { text } = await say(searched('To how much?', '', ANALYSIS, EARLIER('Should I raise the limit?')));
    expect(text).toContain('Add the key.');
    const other = await say(searched('Why?', '', ANALYSIS, EARLIER('Should I raise the limit?')));
    expect(other.text).toContain('The Secret has other keys');
    expect(other.text).not.toContain('Add the key.');
  });

  test('what the log says, and which events there were, comes from there', async () => {
    const found = `# result t3 · cluster.pods_log {"name":"checkout-1"}
  4: FATAL no key dsn

# result t5 · cluster.events_list {"namespace":"shop"}
  2: Message: Back-off restarting failed container
  9: Message: Scaled up replica set

# result t2 · cluster.pods_get {"name":"checkout-1"}
  8: terminationMessagePath: /dev/termination-log  (in spec.containers)`;
    const log = (await say(searched('What does the log say?', found))).text;
    expect(log).toContain('- `FATAL no key dsn`, from pods_log of checkout-1 [tool: t3]');
    expect(log).not.toContain('terminationMessagePath');
    const events = (await say(searched('Which events were there?', found))).text;
    expect(events).toContain('Back-off restarting failed container');
    expect(events).toContain('Scaled up replica set');
    const scaled = (await say(searched('Any event about a scaled replica set?', found))).text;
    expect(scaled).not.toContain('Back-off');
    expect((await say(opening('Which events were there?'))).queries).toEqual([
      expect.stringContaining('message'),
    ]);
  });

  test('which calls failed is told from the calls', async () => {
    const question = 'Which tools failed, and what is missing because of it?';
    expect((await say(searched(question, FOUND))).text).toContain(
      'None of the 2 calls that I can see failed.',
    );
    const prompt = JSON.stringify(searched(question, FOUND)).replace(
      'completed, 4000 bytes: apiVersion: v1',
      'failed, 9 bytes: not found',
    );
    expect((await say(JSON.parse(prompt))).text).toContain(
      '- `cluster.pods_get` failed: not found [tool: t2]',
    );
  });

  test.each(['What should I do first?', 'What would make you more certain?'])(
    '%s gets no line beside the point',
    async (question) => {
      const found =
        '# result t2 · cluster.pods_get {"name":"checkout-1"}\n  9: dnsPolicy: ClusterFirst  (in spec)\n  10: makes: more  (in spec)';
      expect((await say(searched(question, found))).text).not.toContain('What the tool results say');
    },
  );

  test('how many is about what is counted, not about whatever has a count', async () => {
    const found =
      '# result t2 · cluster.pods_get {"name":"checkout-1"}\n  30: restartCount: 8  (in status.containerStatuses)';
    expect((await say(searched('How many problems are there?', found))).text).not.toContain('restartCount');
    expect((await say(searched('How often did it restart?', found))).text).toContain('restartCount: 8');
  });

  test('beside a part of the analysis no line is quoted for a word that every other line has', async () => {
    const found =
      '# result t2 · cluster.pods_get {"name":"checkout-1"}\n  9: pod-template-hash: 4pd2  (in metadata.labels)\n  12: podIP: 10.0.0.7  (in status)';
    const { text } = await say(searched('Why did the pods crash?', found));
    expect(text).toContain('**Root cause**');
    expect(text).not.toContain('podIP');
    expect(text).not.toContain('What the tool results say');
  });

  test('beside a part of the analysis the labels of the alert are not repeated', async () => {
    expect((await say(searched('Why do payments fail?', 'No line matches.'))).text).not.toContain(
      'from the alert',
    );
  });

  test('advice is no fact: it answers only who asks what to do', async () => {
    const { text } = await say(searched('Does the CI run?', 'No line matches.'));
    expect(text).not.toContain('Check in CI');
  });

  test.each(['hello', 'Thanks!'])('%s is no question', async (said) => {
    expect((await say(opening(said))).text).toMatch(/^Ask me about this investigation\./);
  });

  test('words that are nowhere are named as they were written', async () => {
    const { text } = await say(searched('Is redis slowed by the previous customers?', 'No line matches.'));
    expect(text).toContain('“redis”, “slowed”, “previous”, “customers”');
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
