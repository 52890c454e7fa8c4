import { expect, test } from 'vitest';
import { decided, exampleMessage, running } from '#test/notification-facts.ts';
import { renderSlack } from './render-slack.ts';

const LINK = '<https://tars.example/sessions/s1|Open the investigation>';
const DECIDE = '<https://tars.example/sessions/s1?item=i1|Decide in TARS>';

test('the messages say what a person needs', () => {
  expect(renderSlack(exampleMessage('started', { session: running }), {})).toBe(
    '🔎 *Investigating:* Checkout down\ncritical · kubernetes · alert seen 3 times · <https://tars.example/sessions/s1|Follow it live>',
  );
  expect(renderSlack(exampleMessage('ended'), {})).toBe(
    `✅ *Checkout down:* completed\n\nThe key \`dsn\` is missing.\n\ncritical · kubernetes · 4 m 12 s · $0.02 · alert seen 3 times · ${LINK}`,
  );
  expect(renderSlack(exampleMessage('approval'), {})).toBe(
    `✋ *Approval needed:* Checkout down\n\`cluster.pods_delete\`\n\`\`\`{\n  "namespace": "shop",\n  "name": "checkout-1"\n}\`\`\`\nThe tool says that it changes something.\nexpires 2026-11-27 08:30 UTC · ${DECIDE} · ${LINK}`,
  );
  expect(renderSlack(exampleMessage('decision', { approval: { ...decided, arguments: {} } }), {})).toBe(
    `✅ *Approved by anna:* Checkout down\n\`cluster.pods_delete\`\n\nThe tool says that it changes something.\nIt restarts by itself.\n2026-11-27 08:10 UTC · ${LINK}`,
  );
});

test('hostile text can neither call people nor link nor hide', () => {
  const hostile = '<!channel> <@U1> <https://evil.example|click> \u202etxt\u001b[31m';
  const executiveSummary = `${hostile} [click](https://evil.example) ![p](https://evil.example/?q=1) \`<!here>\` **<!here>**`;
  const text = renderSlack(
    exampleMessage('ended', {
      session: { title: hostile, severity: hostile, statusReason: hostile, executiveSummary },
    }),
    {},
  );
  expect(text.match(/<[^>]*>/g)).toEqual([LINK]);
  expect(text).toContain('&lt;!channel&gt;');
  expect(text).toContain('click (https://evil.example) p (https://evil.example/?q=1)');
  expect(text).toContain('[U+202E]txt␛[31m');
  const call = renderSlack(
    exampleMessage('approval', { approval: { tool: 'x`<!here>', arguments: { a: '```<!here>' } } }),
    {},
  );
  expect(call.match(/<[^>]*>/g)).toEqual([DECIDE, LINK]);
  expect(call.match(/`+/g)).toEqual(['`', '`', '```', '```']);
});

test('templates replace the text; a value that looks like a placeholder stays text', () => {
  const templates = { ended: '{{ status }}: {{title}} {{link}} {{summary}}' };
  expect(renderSlack(exampleMessage('ended', { session: { title: '{{summary}}' } }), templates)).toBe(
    'completed: {{summary}} https://tars.example/sessions/s1 The key `dsn` is missing.',
  );
});

test('a long message keeps its links and ends within the limit', () => {
  const long = renderSlack(
    exampleMessage('ended', { session: { executiveSummary: '<&'.repeat(5_000) } }),
    {},
  );
  expect(long.length).toBeLessThanOrEqual(2_900);
  expect(long).toMatch(/(&lt;|&amp;) …\n\ncritical .*\|Open the investigation>$/);
  const call = renderSlack(
    exampleMessage('approval', {
      session: { title: 't'.repeat(4_000) },
      approval: { arguments: { body: '<'.repeat(9_000) }, why: 'z'.repeat(9_000) },
    }),
    {},
  );
  expect(call.length).toBeLessThanOrEqual(2_900);
  expect(call).toContain(DECIDE);
  expect(call.split('```')).toHaveLength(3);
});

test('Markdown becomes the dialect of Slack', () => {
  const executiveSummary =
    '## Root **cause**\n\n\n- **one** two\n* three __four__ a*b\n> a & b\n~~~\n*x*\n~~~';
  expect(
    renderSlack(exampleMessage('ended', { session: { executiveSummary } }), { ended: '{{summary}}' }),
  ).toBe('*Root cause*\n\n• *one* two\n• three *four* a*b\n&gt; a &amp; b\n```*x*```');
});
