import { expect, type Page } from '@playwright/test';
import { expectAccessibleEverywhere } from './fixtures/accessible.ts';
import { productTest } from './fixtures/product.ts';

/** Agents that pause at their limit, and agents that people cancel, in the real product. */
const test = productTest({
  agents: {
    careful: { instructions: 'You are careful.', maxIterations: 2, onIterationLimit: 'pause' },
    slow: { instructions: 'You are slow.' },
  },
  chains: {
    alone: {
      alertTypes: ['alone'],
      stages: [{ name: 'look', agents: ['careful'] }],
      executiveSummary: { enabled: false },
    },
    together: {
      alertTypes: ['together'],
      stages: [{ name: 'look', agents: ['careful', 'slow'] }],
      executiveSummary: { enabled: false },
    },
  },
});

const look = (id: string, text: string) => ({
  text,
  toolCalls: [{ id, name: 'box__echo', arguments: { text: id } }],
});
const bar = (page: Page) => page.getByRole('region', { name: 'Waiting for a decision' });
const dialog = (page: Page) => page.getByRole('dialog');
const answer = (page: Page) => page.getByRole('article', { name: 'Final analysis' });
const found = 'The pod restarts because the key is missing.';

test('a paused agent says how far it has come, and continues with one click', async ({
  person: page,
  product,
}) => {
  const sessionId = await product.investigate('alone', [
    look('a', 'I look at the pods.'),
    look('b', found),
    look('c', 'One more.'),
    '## Summary\nThe key.',
  ]);
  await page.goto(product.page(`/sessions/${sessionId}`));
  await expect(bar(page)).toContainText('careful is paused after 2 iterations', { timeout: 60_000 });
  const card = page.getByRole('listitem').filter({ hasText: 'Paused at its limit' });
  await expect(card).toContainText(found);
  await expect(card).toContainText(/2 iterations.*2 tool calls.*tokens/);
  await expect(page.getByRole('navigation', { name: 'Outline' }).getByText('Paused').first()).toBeVisible();
  await expectAccessibleEverywhere(page);
  await card.getByRole('button', { name: 'Continue, 2 more iterations' }).click();
  await expect(answer(page)).toContainText('The key.', { timeout: 60_000 });
  await expect(page.getByText('Administrator gave it 2 more iterations', { exact: true })).toBeVisible();
  expect((await product.get(`/sessions/${sessionId}`)).status).toBe('completed');
});

test('the keyboard gives another number, and the inbox has it conclude at the next pause', async ({
  person: page,
  product,
}) => {
  const sessionId = await product.investigate('alone', [
    look('a', 'I look.'),
    look('b', found),
    look('c', 'I still look.'),
    '## Summary\nAs far as I know, the key.',
  ]);
  await page.goto(product.page(`/sessions/${sessionId}`));
  await expect(bar(page)).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('y');
  await dialog(page).getByLabel('More iterations').fill('0');
  await expect(dialog(page).getByRole('button', { name: 'Continue' })).toBeDisabled();
  await dialog(page).getByLabel('More iterations').fill('1');
  await page.keyboard.press('Enter');
  await expect(bar(page)).toContainText('after 3 iterations', { timeout: 60_000 });

  await page.goto(product.page('/approvals'));
  const request = page.getByRole('article', { name: /careful is paused after 3 iterations/ });
  await expect(request).toContainText('I still look.');
  await page.keyboard.press('n');
  await expect(dialog(page)).toContainText('Have the agent conclude now?');
  await dialog(page).getByLabel('Why (optional)').fill('That is enough.');
  await page.keyboard.press('Control+Enter');
  const decided = page.getByRole('region', { name: 'Decided' });
  await expect(decided.getByText('Administrator asked for its conclusion').first()).toBeVisible();
  await page.goto(product.page(`/sessions/${sessionId}`));
  await expect(answer(page)).toContainText('As far as I know', { timeout: 60_000 });
  expect(JSON.stringify(product.model.requests.at(-1)?.conversation)).toContain('That is enough.');
});

test('one agent of two is cancelled, and the other goes on', async ({ person: page, product }) => {
  const sessionId = await product.investigate('together', {
    rules: [
      {
        when: { systemContains: 'You are slow.' },
        turn: { steps: [{ type: 'text', text: 'I am just ' }, { type: 'stall' }] },
      },
      {
        when: { systemContains: 'You are careful.' },
        turn: { startGate: 'careful', text: 'The key.' },
      },
    ],
    fallback: '## Summary\nSo it is the key.',
  });
  await page.goto(product.page(`/sessions/${sessionId}`));
  await expect(page.getByText('I am just')).toBeVisible({ timeout: 60_000 });
  const outline = page.getByRole('navigation', { name: 'Outline' });
  await outline.getByRole('button', { name: 'Cancel slow' }).click();
  const confirm = page.getByRole('alertdialog', { name: 'Cancel slow?' });
  await confirm.getByRole('button', { name: 'Keep' }).click();
  await outline.getByRole('button', { name: 'Cancel slow' }).click();
  await confirm.getByLabel('Why (optional)').fill('wrong cluster');
  await confirm.getByRole('button', { name: 'Cancel agent' }).click();
  await expect(outline.getByRole('button', { name: /slow.*Cancelled/s })).toBeVisible();
  await expect(outline.getByRole('button', { name: 'Cancel slow' })).toHaveCount(0);
  product.model.release('careful');
  await expect(answer(page)).toContainText('So it is the key.', { timeout: 60_000 });
  await outline.getByRole('button', { name: /slow.*Cancelled/s }).click();
  await expect(page.getByText('cancelled by Administrator: wrong cluster')).toBeVisible();
});
