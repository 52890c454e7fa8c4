import { expect } from '@playwright/test';
import { expectAccessibleEverywhere } from './fixtures/accessible.ts';
import { productTest } from './fixtures/product.ts';

/** A person signs in to a server for themselves; what they submit uses their rights and says so. */

const test = productTest({
  hub: 'perUser',
  agents: { kubernetes: { mcpServers: ['hub'] } },
  chains: { kubernetes: { alertTypes: ['kubernetes'], stages: [{ name: 'look', agents: ['kubernetes'] }] } },
});
test.describe.configure({ mode: 'serial' });

test('the submit page says what will be missing, and leads to the sign-in', async ({
  person: page,
  product,
}) => {
  await page.goto(product.page('/alerts/new'));
  const hint = page.getByText('You are not signed in to hub: this investigation will go without it.');
  await expect(hint).toBeVisible();
  await expectAccessibleEverywhere(page);
  await page.getByRole('link', { name: 'Sign in on the system page' }).click();
  const card = page.getByRole('region', { name: 'MCP servers' });
  await expect(card.getByText('per user', { exact: true })).toBeVisible();
  await expect(
    card.getByText('Everybody signs in for themselves; you have not signed in to it.'),
  ).toBeVisible();
  await expect(page.getByRole('region', { name: 'Warnings' })).toHaveCount(0);
  await expectAccessibleEverywhere(page);

  await card.getByRole('button', { name: 'Sign in to hub yourself' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Connected to “hub”.')).toBeVisible();
  await expect(card.getByText(/You signed in/)).toBeVisible();
  await expect(card.getByRole('button', { name: 'Sign in to hub for alerts' })).toBeVisible();
  await page.goto(product.page('/alerts/new'));
  await expect(page.getByText('MCP servers and tools').first()).toBeVisible();
  await expect(hint).toHaveCount(0);
});

test('the calls of what they submit are theirs; an alert is without the server', async ({
  person: page,
  product,
}) => {
  product.model.setScript([
    { toolCalls: [{ id: 'a', name: 'hub__echo', arguments: { text: 'from the hub' } }] },
    'Found it [tool: a].',
  ]);
  await page.goto(product.page('/alerts/new'));
  await page.getByRole('combobox', { name: 'Alert type' }).selectOption('kubernetes');
  await page.getByRole('textbox', { name: 'What happened' }).fill('The checkout is down.');
  await page.getByRole('button', { name: 'Start the investigation' }).click();
  await expect(page.getByText('as Administrator', { exact: true })).toBeVisible();
  await expectAccessibleEverywhere(page);

  await product.investigate('kubernetes', ['Looked without it.']);
  await expect
    .poll(() =>
      product.database
        .query(
          "select 1 from timeline_item where type = 'error' and content like '%nobody has connected it yet%'",
        )
        .then(({ rowCount }) => rowCount),
    )
    .toBe(1);
});

test('signing oneself out', async ({ person: page, product }) => {
  await page.goto(product.page('/system'));
  const card = page.getByRole('region', { name: 'MCP servers' });
  await card.getByRole('button', { name: 'Sign out of hub yourself' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();
  await expect(card.getByRole('button', { name: 'Sign in to hub yourself' })).toBeVisible();
  await card.locator('summary', { hasText: 'hub' }).click();
  await expect(card.getByRole('list', { name: 'Sign-ins' }).getByRole('listitem')).toContainText([
    'Administrator signed out',
    'Administrator signed in',
  ]);
});
