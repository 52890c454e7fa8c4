import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import type { Script } from '#test/llm-protocol/start-protocol-server.ts';
import { type Product, productTest } from './fixtures/product.ts';

/** Questions to an ended investigation, in the real product: a scripted model, a real MCP server, two real browsers. */
const test = productTest({
  chains: {
    disk: {
      alertTypes: ['disk'],
      stages: [{ name: 'look', agents: ['kubernetes'] }],
      executiveSummary: { enabled: false },
    },
  },
});

const ANALYSIS =
  'The disk is full [tool: c1].\n\n## Root cause\nLogs.\n\n## What to do now\nDelete old logs.';
const investigation: Script = [
  { toolCalls: [{ id: 'c1', name: 'box__echo', arguments: { text: '/data is 97% full' } }] },
  ANALYSIS,
];

const dock = (page: Page) => page.getByRole('region', { name: 'Ask about this investigation' });
const field = (page: Page) => page.getByRole('textbox', { name: 'Your question' });
const waiting = (page: Page) => dock(page).getByRole('list', { name: 'Questions that are not answered yet' });

async function ended(product: Product): Promise<string> {
  const sessionId = await product.investigate('disk', investigation);
  await expect
    .poll(async () => (await product.get(`/sessions/${sessionId}`)).status, { timeout: 60_000 })
    .toBe('completed');
  return product.page(`/sessions/${sessionId}`);
}

test('two people in one chat: both see the question, the answer as it is written, and who types', async ({
  person: ann,
  browser,
  login,
  product,
}) => {
  const address = await ended(product);
  const bob = await (await browser.newContext({ storageState: login })).newPage();
  await Promise.all([ann.goto(address), bob.goto(address)]);
  // Two first loads at once take their time.
  await expect(field(bob)).toBeVisible({ timeout: 60_000 });
  product.model.setScript({
    rules: [
      {
        when: { lastContains: 'How full is it?', notContains: 'earlier questions and answers' },
        turn: {
          steps: [
            { type: 'text', text: 'It is 97% full, as was seen ' },
            { type: 'block', gate: 'first answer' },
            { type: 'text', text: '[tool: c1].' },
          ],
        },
      },
    ],
    fallback: 'You are welcome.',
  });

  // By keyboard alone.
  await ann.keyboard.press('a');
  await expect(field(ann)).toBeFocused();
  await ann.keyboard.type('How full is it?');
  await expect(dock(bob).getByText('Administrator is typing')).toBeVisible();
  // Who comes later hears of it, too, without another keystroke.
  await bob.reload();
  await expect(dock(bob).getByText('Administrator is typing')).toBeVisible();
  await ann.keyboard.press('Enter');
  await expect(field(ann)).toHaveValue('');
  for (const page of [ann, bob]) {
    await expect(waiting(page)).toContainText('Answering');
    await expect(waiting(page)).toContainText('How full is it?');
  }
  // The answer comes word by word, to the one who asked at the end of the timeline that follows it.
  await expect(ann.getByText('It is 97% full, as was').first()).toBeInViewport();

  await field(bob).fill('Thanks?');
  await field(bob).press('Enter');
  await expect(waiting(ann)).toContainText('Number 1 in the queue');
  product.model.release('first answer');
  await expect(waiting(ann)).toHaveCount(0);
  await expect(ann.getByText('You are welcome.')).toBeVisible();

  // The citation leads to the tool call of the investigation, and the address says which.
  const answer = ann.getByRole('listitem').filter({ hasText: 'It is 97% full, as was seen' });
  await answer.getByRole('button', { name: 'echo' }).click();
  await expect(ann).toHaveURL(/[?&]item=/);
  await expect(ann.getByRole('complementary').filter({ hasText: '/data is 97% full' }).first()).toBeVisible();
  await bob.reload();
  await expect(bob.getByText('You are welcome.')).toHaveCount(1);
  await bob.context().close();
});

test('an answer is cancelled, the question is asked again, and what fails to be sent stays in the field', async ({
  person: page,
  product,
}) => {
  await page.goto(await ended(product));
  product.model.setScript({
    rules: [
      {
        when: { contains: 'TARS-TASK: chat' },
        times: 1,
        turn: { steps: [{ type: 'text', text: 'Let me think about that for a while' }, { type: 'stall' }] },
      },
    ],
    fallback: 'The log rotation is missing.',
  });
  // A suggestion is a question like any other.
  await dock(page).getByRole('button', { name: 'What should I do first?' }).click();
  await expect(waiting(page)).toContainText('Answering');
  await dock(page).getByRole('button', { name: 'Cancel the question of Administrator' }).click();
  await expect(waiting(page)).toContainText('Cancelled');
  await dock(page).getByRole('button', { name: 'Ask again' }).click();
  await expect(page.getByText('The log rotation is missing.')).toBeVisible();
  await expect(waiting(page)).toHaveCount(0);

  await page.route('**/api/trpc/chat.ask**', (route) => route.abort());
  await field(page).fill('Are you there?');
  await field(page).press('Enter');
  await expect(dock(page).getByText(/^Not sent:/)).toBeVisible();
  await expect(field(page)).toHaveValue('Are you there?');
  await page.unroute('**/api/trpc/chat.ask**');
  await field(page).press('Enter');
  await expect(field(page)).toHaveValue('');
  await expect(page.getByText('The log rotation is missing.')).toHaveCount(2);
});

test('a tool that changes something waits for a decision in the chat, too, and then runs', async ({
  person: page,
  product,
}) => {
  await page.goto(await ended(product));
  const path = join(tmpdir(), `tars-chat-${process.pid}`);
  product.model.setScript({
    rules: [
      {
        when: { contains: 'TARS-TASK: chat', assistantTurns: 0 },
        turn: { toolCalls: [{ id: 'w1', name: 'box__write', arguments: { path, text: 'cleaned' } }] },
      },
    ],
    fallback: 'Cleaned up [tool: w1].',
  });
  await field(page).fill('Please clean it up.');
  await field(page).press('Enter');
  await expect(waiting(page)).toContainText('Waits for a decision');
  await field(page).press('Escape');
  await page.keyboard.press('y');
  await expect(page.getByRole('dialog')).toContainText(path);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Cleaned up')).toBeVisible();
  expect(await readFile(path, 'utf8')).toBe('cleaned\n');
});

test('viewers read along, it fits a phone, and it is accessible', async ({ person: page, product }) => {
  await page.goto(await ended(product));
  product.model.setScript({ rules: [], fallback: { httpError: { status: 400, message: 'no such model' } } });
  await field(page).fill('Why?');
  await field(page).press('Enter');
  await expect(waiting(page)).toContainText('Failed');
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expect(dock(page).getByRole('button', { name: 'Ask', exact: true })).toBeVisible();
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
        .analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    }
  }
  await product.database.query(`update membership set role = 'viewer'`);
  try {
    await page.reload();
    await expect(dock(page)).toContainText('Asking takes the operator role.');
    await expect(field(page)).toHaveCount(0);
    await expect(dock(page).getByRole('button', { name: /Ask|Cancel/ })).toHaveCount(0);
  } finally {
    await product.database.query(`update membership set role = 'admin'`);
  }
});
