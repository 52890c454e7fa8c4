import { expect } from '@playwright/test';
import { expectAccessibleEverywhere } from './fixtures/accessible.ts';
import { productTest } from './fixtures/product.ts';

/** An administrator connects an MCP server that wants a sign-in, and disconnects it. */

const test = productTest({
  hub: 'shared',
  chains: { kubernetes: { alertTypes: ['kubernetes'], stages: [{ name: 'look', agents: ['kubernetes'] }] } },
});
test.describe.configure({ mode: 'serial' });

test('a denied consent and a given one lead back and say so; then runs use the server', async ({
  person: page,
  product,
}) => {
  product.authority.consent = 'ask';
  await page.goto(product.page('/system'));
  const card = page.getByRole('region', { name: 'MCP servers' });
  await expect(card.getByText('needs sign-in', { exact: true })).toBeVisible();
  await expect(card.getByText('nobody has connected it yet')).toBeVisible();
  await expect(
    page.getByRole('region', { name: 'Warnings' }).getByText('MCP server "hub" needs sign-in'),
  ).toBeVisible();
  await expectAccessibleEverywhere(page);

  await card.getByRole('button', { name: 'Sign in to hub' }).click();
  await expect(page.getByRole('heading', { name: 'TARS wants access' })).toBeVisible();
  await page.getByRole('link', { name: 'Deny' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'The consent for “hub” was denied' })).toBeVisible();
  await expectAccessibleEverywhere(page);

  // By keyboard.
  await card.getByRole('button', { name: 'Sign in to hub' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Allow' }).click();
  await expect(page.getByText('Connected to “hub”.')).toBeVisible();
  await expect(card.getByText(/Signed in by Administrator/)).toBeVisible();
  await expect(card.getByText('needs sign-in', { exact: true })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Warnings' })).toHaveCount(0);
  await expectAccessibleEverywhere(page);
  await page.getByRole('button', { name: 'Dismiss', exact: true }).click();
  await expect(page.getByText('Connected to “hub”.')).toHaveCount(0);
  await expect(page).toHaveURL(/\/system$/);

  await product.investigate('kubernetes', [
    { toolCalls: [{ id: 'a', name: 'hub__echo', arguments: { text: 'from the hub' } }] },
    'Found it [tool: a].',
  ]);
  await expect
    .poll(() =>
      product.database
        .query("select 1 from tool_call where server = 'hub' and status = 'completed'")
        .then(({ rowCount }) => rowCount),
    )
    .toBe(1);
});

test('signing out takes effect at once and stays in the history', async ({ person: page, product }) => {
  await page.goto(product.page('/system'));
  const card = page.getByRole('region', { name: 'MCP servers' });
  await card.getByRole('button', { name: 'Sign out of hub' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();
  await expect(card.getByRole('button', { name: 'Sign in to hub' })).toBeVisible();
  await card.locator('summary', { hasText: 'hub' }).click();
  await expect(card.getByRole('list', { name: 'Sign-ins' }).getByRole('listitem')).toContainText([
    'Administrator signed out',
    'Administrator signed in',
    'Administrator denied the consent',
  ]);
  await expectAccessibleEverywhere(page);
});
