import { expect } from '@playwright/test';
import { expectAccessibleEverywhere } from './fixtures/accessible.ts';
import { productTest } from './fixtures/product.ts';

/** The pages of an installation that shows no costs, over a model that has a price. */
const test = productTest({
  costs: { enabled: false },
  providerSettings: { pricePerMillion: { input: 1_000, output: 1_000 } },
  chains: {
    priced: {
      alertTypes: ['priced'],
      stages: [{ name: 'look', agents: ['kubernetes'] }],
      executiveSummary: { enabled: false },
    },
  },
});

test('pages tell tokens and say nothing of money', async ({ person: page, product }) => {
  const usage = { inputTokens: 1_000, outputTokens: 200 };
  const sessionId = await product.investigate('priced', [
    { text: 'I look.', usage, toolCalls: [{ id: 'a', name: 'box__echo', arguments: { text: 'a' } }] },
    { text: '## Summary\nThe key.', usage },
  ]);
  await expect
    .poll(async () => (await product.get(`/sessions/${sessionId}`)).status, { timeout: 60_000 })
    .toBe('completed');
  for (const [path, there] of [
    [`/sessions/${sessionId}`, '2.4k tokens'],
    ['/sessions?sort=-cost', 'Alert of priced'],
    ['/usage?by=cost', 'Tokens by day'],
    [`/sessions/${sessionId}/trace`, 'iteration'],
  ] as const) {
    await page.goto(product.page(path));
    await expect(page.getByText(there).first()).toBeVisible();
    await expect(page.locator('main')).not.toContainText(/\$\d|\bcost\b|\bprice\b/i);
    // The page that looks most different without them.
    if (path.startsWith('/usage')) await expectAccessibleEverywhere(page);
  }
  await page.goto(product.page('/sessions'));
  await expect(page.getByRole('combobox', { name: 'Order' })).toContainText('longest first');
  await expect(page.getByRole('combobox', { name: 'Order' })).not.toContainText('dearest');
});
