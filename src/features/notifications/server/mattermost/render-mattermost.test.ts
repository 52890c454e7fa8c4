import { expect, test } from 'vitest';
import { decided, exampleMessage } from '#test/notification-facts.ts';
import { renderMattermost } from './render-mattermost.ts';

const LINK = '[Open the investigation](https://tars.example/sessions/s1)';
const DECIDE = '[Decide in TARS](https://tars.example/sessions/s1?item=i1)';
const linksOf = (text: string) => text.replace(/`[^`]*`/g, '').match(/(?<!\\)\[[^\]]*\]\([^)]*\)/g);

test('the messages say what a person needs', () => {
  expect(renderMattermost(exampleMessage('ended'), {})).toBe(
    `✅ **Checkout down:** completed\n\nThe key \`dsn\` is missing.\n\ncritical · kubernetes · 4 m 12 s · $0.02 · alert seen 3 times · ${LINK}`,
  );
  expect(renderMattermost(exampleMessage('approval'), {})).toBe(
    `✋ **Approval needed:** Checkout down\n\`cluster.pods_delete\`\n\`\`\`\n{\n  "namespace": "shop",\n  "name": "checkout-1"\n}\n\`\`\`\nThe tool says that it changes something.\n\nexpires 2026-11-27 08:30 UTC · ${DECIDE} · ${LINK}`,
  );
  expect(
    renderMattermost(
      exampleMessage('decision', { approval: { ...decided, arguments: {}, status: 'denied' } }),
      {},
    ),
  ).toBe(
    `⛔ **Denied by anna:** Checkout down\n\`cluster.pods_delete\`\n\nThe tool says that it changes something.\nIt restarts by itself.\n\n2026-11-27 08:10 UTC · ${LINK}`,
  );
});

test('hostile text can neither call people nor link nor load nor hide', () => {
  const hostile =
    '@channel @all @here [click](https://evil.example) ![p](https://evil.example/p.png) www.evil.example <https://evil.example> *x*\u202e';
  const text = renderMattermost(
    exampleMessage('ended', {
      session: {
        title: hostile,
        severity: hostile,
        statusReason: hostile,
        executiveSummary: `${hostile} \`@all\` **@here**`,
      },
    }),
    {},
  );
  expect(linksOf(text)).toEqual([LINK]);
  const outsideOfCode = text.replace(LINK, '').replace(/`[^`]*`/g, '');
  expect(outsideOfCode).not.toMatch(/@|:\/\/|www\./);
  expect(text).toContain('＠channel ＠all');
  expect(text).toContain('[U+202E]'.replace(/[[\]+]/g, '\\$&'));
  const call = renderMattermost(
    exampleMessage('approval', { approval: { tool: 'x`@here', arguments: { a: '```\n@all' }, why: '`' } }),
    {},
  );
  expect(call.match(/`+/g)).toEqual(['`', '`', '```', '```']);
  expect(linksOf(call)).toEqual([DECIDE, LINK]);
});

test('what looks like Markdown in a name is its name', () => {
  const text = renderMattermost(exampleMessage('ended', { session: { title: 'job_a *b* #c ~d [e]' } }), {
    ended: '{{title}}',
  });
  expect(text).toBe('job\\_a \\*b\\* \\#c \\~d \\[e\\]');
});

test('a long message keeps its link and leaves no code open before it', () => {
  const title = `https://evil.example/${'x'.repeat(20_000)}`;
  const executiveSummary = `\`\`\`\n${'y'.repeat(20_000)}`;
  const text = renderMattermost(exampleMessage('ended', { session: { title, executiveSummary } }), {});
  expect(text.length).toBeLessThanOrEqual(8_000);
  expect(linksOf(text)).toEqual([LINK]);
  expect((text.match(/`/g)?.length ?? 0) % 2).toBe(0);
});
