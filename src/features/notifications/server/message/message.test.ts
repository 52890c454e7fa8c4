import { expect, test } from 'vitest';
import { describeRequest } from '#src/lib/describe-request.ts';
import { decided, exampleMessage, running } from '#test/notification-facts.ts';
import { renderSlack } from '../slack/render-slack.ts';
import { chooseSummary } from './compose-message.ts';
import { fillTemplate } from './fill-template.ts';
import { cutText, fitRendered } from './fit-text.ts';
import { readMarkdown } from './read-markdown.ts';

test('a message says in words what happened, how bad it is, and where to look', () => {
  expect(
    exampleMessage('ended', { session: { status: 'timed_out', statusReason: 'budget:time' } }),
  ).toMatchObject({
    event: 'ended',
    icon: '⏱️',
    title: 'Checkout down',
    severity: 'critical',
    status: 'timed out (budget:time)',
    details: ['critical', 'kubernetes', '4 m 12 s', '$0.02', 'alert seen 3 times'],
    links: { session: 'https://tars.example/sessions/s1', decide: null },
    request: null,
  });
  expect(exampleMessage('started', { session: { ...running, alertCount: 1 } }).details).toEqual([
    'critical',
    'kubernetes',
  ]);
});

test('a request leads to where it is decided, and no longer does once that is done', () => {
  const asked = exampleMessage('approval');
  expect(asked.links.decide).toBe('https://tars.example/sessions/s1?item=i1');
  expect(asked.request).toEqual({
    heading: 'Approval needed',
    tool: 'cluster.pods_delete',
    arguments: '{\n  "namespace": "shop",\n  "name": "checkout-1"\n}',
    why: 'The tool says that it changes something.',
    expires: 'expires 2026-11-27 08:30 UTC',
  });
  const after = exampleMessage('decision', { approval: decided });
  expect(after.links.decide).toBeNull();
  expect(after.decision).toEqual({
    outcome: 'Approved by anna',
    reason: 'It restarts by itself.',
    at: '2026-11-27 08:10 UTC',
  });
});

test.each([
  ['tool', 'expired', 'Not run: nobody decided in time'],
  ['question', 'approved', 'Answered by anna'],
  ['question', 'cancelled', 'Withdrawn: the run ended before anybody answered'],
  ['pause', 'approved', 'Continued by anna'],
  ['pause', 'denied', 'Asked to conclude by anna'],
  ['something-new', 'denied', 'Denied by anna'],
] as const)('%s, %s: %s', (kind, status, outcome) => {
  const decidedBy = status === 'expired' || status === 'cancelled' ? null : 'anna';
  const message = exampleMessage('decision', { approval: { ...decided, kind, status, decidedBy } });
  expect(message.decision?.outcome).toBe(outcome);
});

test('a kind of request that has no words yet has sensible ones', () => {
  expect(describeRequest('something-new').heading).toBe('A decision is needed');
  const request = exampleMessage('approval', {
    approval: { kind: 'something-new', why: 'It goes on.' },
  }).request;
  expect(request).toMatchObject({ tool: '', arguments: '', why: 'It goes on.' });
});

test('a question comes with the answers to choose from', () => {
  const args = { question: 'Which region?', options: ['eu', 'us'] };
  const { request } = exampleMessage('approval', { approval: { kind: 'question', arguments: args } });
  expect(request).toMatchObject({ tool: '', why: 'Which region?\n• eu\n• us' });
});

test('a paused agent is told with how far it has come', () => {
  const args = {
    iterations: 20,
    more: 20,
    toolCalls: 31,
    tokens: 84_000,
    costUsd: 0.42,
    unpricedCalls: 0,
    found: 'The key is missing.',
  };
  const why = 'It has used its 20 iterations and has no answer yet.';
  const { request } = exampleMessage('approval', { approval: { kind: 'pause', arguments: args, why } });
  expect(request).toMatchObject({
    heading: 'Paused at its limit',
    tool: '',
    arguments: '',
    why: `${why} Let it continue, conclude now, or cancel it?\n31 tool calls · 84.0k tokens · $0.42\nIt said last: The key is missing.`,
  });
});

test('an agent that a person cancelled takes its requests with it, and that is said', () => {
  const approval = { ...decided, status: 'cancelled' as const, decidedBy: 'anna' };
  expect(exampleMessage('decision', { approval }).decision?.outcome).toBe('The agent was cancelled by anna');
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

test('cost that is not shown leaves nothing behind', () => {
  const { cost, details } = exampleMessage('ended', {
    session: { costUsd: undefined, unpricedCalls: undefined },
  });
  expect(cost).toBe('');
  expect(details).toEqual(['critical', 'kubernetes', '4 m 12 s', 'alert seen 3 times']);
});

test('cost that is not known is not called nothing', () => {
  expect(exampleMessage('ended', { session: { costUsd: 0, unpricedCalls: 2 } }).cost).toBe('cost unknown');
  expect(exampleMessage('ended', { session: { unpricedCalls: 2 } }).cost).toBe(
    '$0.02 and calls without a known price',
  );
});

test('secrets are masked once more on the way out, for people and for programs', () => {
  const message = exampleMessage('approval', {
    session: { title: 'password=hunter2-in-a-title' },
    approval: { arguments: { password: 'hunter2-hunter2' } },
  });
  expect(JSON.stringify(message)).not.toContain('hunter2');
});

test('names that are revealed are foreign text like any other', () => {
  const reveal = (text: string) => text.replaceAll('[HOST_7k2m9q4x]', '*db<01>*\ninternal');
  const message = exampleMessage('ended', { session: { title: 'On [HOST_7k2m9q4x]' } }, reveal);
  expect(message.title).toBe('On *db<01>* internal');
  expect(renderSlack(message, { ended: '{{title}}' })).toBe('On *db&lt;01&gt;* internal');
});

test('what is one line stays one line of bounded length', () => {
  const message = exampleMessage('ended', { session: { severity: `a\nb${'c'.repeat(900)}` } });
  expect(message.severity).toMatch(/^a bc+…$/);
  expect(message.severity?.length).toBeLessThanOrEqual(201);
});

test('Markdown is read as what every platform can show, without links', () => {
  const read = readMarkdown(
    '## Root **cause**\n\n\n- **one** `two`\n[x](https://evil.example)\n```\n**raw**',
  );
  expect(read).toEqual([
    {
      type: 'line',
      look: 'heading',
      indent: '',
      spans: [
        { text: 'Root ', style: 'plain' },
        { text: 'cause', style: 'bold' },
      ],
    },
    { type: 'line', look: 'text', indent: '', spans: [] },
    {
      type: 'line',
      look: 'bullet',
      indent: '',
      spans: [
        { text: 'one', style: 'bold' },
        { text: ' ', style: 'plain' },
        { text: 'two', style: 'code' },
      ],
    },
    { type: 'line', look: 'text', indent: '', spans: [{ text: 'x (https://evil.example)', style: 'plain' }] },
    { type: 'code', text: '**raw**' },
  ]);
});

test('a cut halves neither a character nor what a platform makes of it', () => {
  const text = 'a<&😀b>cccccccc';
  const escaped = (plain: string) => plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  for (let max = 0; max < 24; max += 1) {
    expect(cutText(text, max).length).toBeLessThanOrEqual(max);
    expect(cutText(text, max).isWellFormed()).toBe(true);
    const fitted = fitRendered(text, max, escaped);
    expect(fitted.length).toBeLessThanOrEqual(max);
    expect(fitted.replace(/&(lt|amp);/g, '')).not.toContain('&');
  }
  const values = { title: { text: 'x', render: escaped } };
  expect(fillTemplate('{{title}} {{unknown}}', { values, maxChars: 10 })).toBe('x');
});
