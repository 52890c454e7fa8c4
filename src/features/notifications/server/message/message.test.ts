import { expect, test } from 'vitest';
import { createMasker } from '#src/server/masking/index.ts';
import { chooseSummary, composeMessage, type MessageFacts } from './compose-message.ts';
import { escapeCode, escapeMrkdwn } from './escape-mrkdwn.ts';
import { cutEscaped, fillTemplate } from './fill-template.ts';
import { markdownToMrkdwn } from './markdown-to-mrkdwn.ts';

const session: MessageFacts['session'] = {
  id: 's1',
  title: 'Checkout down',
  alertType: 'kubernetes',
  severity: 'critical',
  status: 'completed',
  statusReason: null,
  executiveSummary: 'The key `dsn` is missing.',
  finalAnalysis: null,
  error: null,
  durationMs: 252_000,
  costUsd: 0.0214,
  unpricedCalls: 0,
  alertCount: 3,
};
const approval: NonNullable<MessageFacts['approval']> = {
  kind: 'tool',
  server: 'cluster',
  tool: 'pods_delete',
  arguments: { namespace: 'shop', name: 'checkout-1' },
  why: 'The tool says that it changes something.',
  expiresAt: new Date('2026-11-27T08:30:00Z'),
};
const compose = (
  kind: 'started' | 'ended' | 'approval',
  changes: Partial<MessageFacts['session']> = {},
  templates: Parameters<typeof composeMessage>[1]['templates'] = {},
  about: MessageFacts['approval'] = approval,
) =>
  composeMessage(kind, {
    facts: { session: { ...session, ...changes }, approval: kind === 'approval' ? about : null },
    publicUrl: 'https://tars.example',
    templates,
    masker: createMasker({ groups: ['security'] }),
    reveal: (text) => text.replaceAll('[HOST_7k2m9q4x]', '*db<01>*.internal'),
  });

test('the messages say what a person needs', () => {
  expect(compose('started', { status: 'running', durationMs: null })).toBe(
    '🔎 *Investigating:* Checkout down\ncritical · kubernetes · alert seen 3 times · <https://tars.example/sessions/s1|Follow it live>',
  );
  expect(compose('ended')).toBe(
    '✅ *Checkout down:* completed\n\nThe key `dsn` is missing.\n\ncritical · kubernetes · 4 m 12 s · $0.02 · alert seen 3 times · <https://tars.example/sessions/s1|Open the investigation>',
  );
  expect(compose('approval')).toBe(
    '✋ *Approval needed:* Checkout down\n`cluster.pods_delete`\n```{\n  "namespace": "shop",\n  "name": "checkout-1"\n}```\nThe tool says that it changes something.\nexpires 2026-11-27 08:30 UTC · <https://tars.example/sessions/s1|Decide in TARS>',
  );
  expect(
    compose(
      'approval',
      {},
      {},
      {
        ...approval,
        kind: 'question',
        arguments: { question: 'Which region?', options: ['eu', 'us'] },
      },
    ),
  ).toBe(
    '✋ *A question for you:* Checkout down\n\nWhich region?\n• eu\n• us\nexpires 2026-11-27 08:30 UTC · <https://tars.example/sessions/s1|Decide in TARS>',
  );
});

test('without a summary the first lines of the analysis stand in, without those the error', () => {
  const finalAnalysis = '# Cause\n\nA key is missing.\n1\n2\n3\n4\n5';
  expect(chooseSummary({ executiveSummary: '  ', finalAnalysis, error: 'x' })).toBe(
    '# Cause\nA key is missing.\n1\n2\n3\n4\n…',
  );
  expect(chooseSummary({ executiveSummary: null, finalAnalysis: null, error: 'No model answered.' })).toBe(
    'No model answered.',
  );
});

test('cost that is not known is not called nothing', () => {
  expect(compose('ended', { costUsd: 0, unpricedCalls: 2 })).toContain('· cost unknown ·');
  expect(compose('ended', { unpricedCalls: 2 })).toContain('$0.02 and calls without a known price');
});

test('hostile text can neither call people nor link nor hide', () => {
  const hostile = '<!channel> <@U1> <https://evil.example|click> \u202etxt\u001b[31m';
  const text = compose('ended', {
    title: hostile,
    severity: hostile,
    statusReason: hostile,
    executiveSummary: `${hostile} [click](https://evil.example) ![p](https://evil.example/?q=1)`,
  });
  expect(text.match(/<[^>]*>/g)).toEqual(['<https://tars.example/sessions/s1|Open the investigation>']);
  expect(text).toContain('&lt;!channel&gt;');
  expect(text).toContain('click (https://evil.example) p (https://evil.example/?q=1)');
  expect(text).toContain('[U+202E]txt␛[31m');
  const call = compose(
    'approval',
    {},
    {},
    { ...approval, tool: 'x`<!here>', arguments: { a: '```<!here>' } },
  );
  expect(call.match(/<[^>]*>/g)).toEqual(['<https://tars.example/sessions/s1|Decide in TARS>']);
  expect(call.match(/`+/g)).toEqual(['`', '`', '```', '```']);
});

test('secrets are masked once more on the way out', () => {
  const text = compose('approval', {}, {}, { ...approval, arguments: { password: 'hunter2-hunter2' } });
  expect(text).not.toContain('hunter2');
});

test('templates replace the text; a value that looks like a placeholder stays text', () => {
  const templates = { ended: '{{ status }}: {{title}} {{link}} {{summary}}' };
  expect(compose('ended', { title: '{{summary}}' }, templates)).toBe(
    'completed: {{summary}} https://tars.example/sessions/s1 The key `dsn` is missing.',
  );
});

test('a long message keeps its link and ends within the limit', () => {
  const long = compose('ended', { executiveSummary: '<&'.repeat(5_000) });
  expect(long.length).toBeLessThanOrEqual(2_900);
  expect(long).toMatch(/(&lt;|&amp;) …\n\ncritical .*\|Open the investigation>$/);
  const call = compose(
    'approval',
    { title: 't'.repeat(4_000) },
    {},
    {
      ...approval,
      arguments: { body: 'y'.repeat(9_000) },
      why: 'z'.repeat(9_000),
    },
  );
  expect(call.length).toBeLessThanOrEqual(2_900);
  expect(call).toMatch(/\|Decide in TARS>$/);
  expect(call.split('```')).toHaveLength(3);
});

test('a cut halves neither an entity nor a character', () => {
  for (let max = 0; max < 20; max += 1) {
    const cut = cutEscaped('a&lt;&amp;😀b&gt;cccccccc', max);
    expect(cut.length).toBeLessThanOrEqual(max);
    expect(cut.replace(/&(lt|gt|amp);/g, '')).not.toContain('&');
    expect(cut.isWellFormed()).toBe(true);
  }
  expect(fillTemplate('{{title}}', { values: { title: 'x' }, maxChars: 10 })).toBe('x');
});

test('Markdown becomes the dialect of Slack', () => {
  expect(markdownToMrkdwn('## Root **cause**\n\n\n- **one** two\n* three __four__ a*b\n> quoted')).toBe(
    '*Root cause*\n\n• *one* two\n• three *four* a*b\n&gt; quoted',
  );
  expect(escapeMrkdwn('a & b')).toBe('a &amp; b');
  expect(escapeCode('`rm`')).toBe('ˋrmˋ');
});
