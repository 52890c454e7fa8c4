import { expect, test } from 'vitest';
import { decided, exampleMessage } from '#test/notification-facts.ts';
import { composeTest } from '../message/compose-message.ts';
import { renderCard } from './render-card.ts';

const contentOf = (...message: Parameters<typeof renderCard>) =>
  renderCard(...message).attachments[0].content;
const linesOf = (...message: Parameters<typeof renderCard>) =>
  contentOf(...message).body.map(({ inlines }) => inlines.map(({ text }) => text).join(''));
const buttonsOf = (...message: Parameters<typeof renderCard>) =>
  contentOf(...message).actions.map(({ title, url }) => `${title}: ${url}`);

test('a message is a card in the envelope of Workflows', () => {
  expect(renderCard(composeTest('https://tars.example', new Date(0)))).toEqual({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body: [
            {
              type: 'RichTextBlock',
              inlines: [{ type: 'TextRun', text: '👋 TARS at https://tars.example can post here.' }],
            },
          ],
          actions: [{ type: 'Action.OpenUrl', title: 'Open TARS', url: 'https://tars.example' }],
        },
      },
    ],
  });
});

test('the cards say what a person needs', () => {
  expect(linesOf(exampleMessage('ended'))).toEqual([
    '✅ Checkout down: completed',
    'The key dsn is missing.',
    'critical · kubernetes · 4 m 12 s · $0.02 · alert seen 3 times',
  ]);
  expect(linesOf(exampleMessage('approval'))).toEqual([
    '✋ Approval needed: Checkout down',
    'cluster.pods_delete',
    '{',
    '\u00a0\u00a0"namespace": "shop",',
    '\u00a0\u00a0"name": "checkout-1"',
    '}',
    'The tool says that it changes something.',
    'critical · kubernetes · 4 m 12 s · $0.02 · alert seen 3 times · expires 2026-11-27 08:30 UTC',
  ]);
  expect(buttonsOf(exampleMessage('approval'))).toEqual([
    'Decide in TARS: https://tars.example/sessions/s1?item=i1',
    'Open the investigation: https://tars.example/sessions/s1',
  ]);
  const after = exampleMessage('decision', { approval: { ...decided, arguments: {} } });
  expect(linesOf(after)[0]).toBe('✅ Approved by anna: Checkout down');
  expect(buttonsOf(after)).toEqual(['Open the investigation: https://tars.example/sessions/s1']);
});

test('foreign text stands only where Teams reads no Markdown', () => {
  const hostile = '[click](https://evil.example) **x** <at>all</at>';
  const { body, actions } = contentOf(
    exampleMessage('ended', { session: { title: hostile, executiveSummary: hostile, severity: hostile } }),
  );
  expect(
    body.every(
      ({ type, inlines }) => type === 'RichTextBlock' && inlines.every((run) => run.type === 'TextRun'),
    ),
  ).toBe(true);
  expect(actions.map(({ url }) => url)).toEqual(['https://tars.example/sessions/s1']);
});

test('a card stays within what Teams takes, whatever it is about', () => {
  const message = exampleMessage('approval', {
    session: { title: '界'.repeat(9_000) },
    approval: { arguments: { body: '界\n'.repeat(9_000) }, why: '"\n'.repeat(9_000) },
  });
  const card = renderCard(message);
  expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThanOrEqual(24_000);
  expect(buttonsOf(message)).toHaveLength(2);
  expect(linesOf(message).at(-1)).toContain('expires 2026-11-27 08:30 UTC');
});
