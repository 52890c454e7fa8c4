import { expect, test } from './fixtures/demo.ts';

const inspector = 'complementary';

test('a runbook is chosen by name, read by the agents, and shown with the session', async ({
  signedIn: page,
}) => {
  await page.goto('/p/default/alerts/new');
  await page.getByLabel('Title').fill('Payments fail');
  await page
    .getByLabel('What happened')
    .fill('Customers of shop/checkout see that payment is not available.');
  await page.getByRole('button', { name: 'Choose' }).click();
  await page.getByPlaceholder('Find a runbook').fill('check');
  await expect(page.getByRole('option', { name: /checkout/, selected: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Runbook' })).toHaveValue('shop/checkout.md');
  await page.getByRole('button', { name: 'Start the investigation' }).click();
  await page.waitForURL(/\/sessions\//);
  const entry = page.getByRole('navigation', { name: 'Outline' }).getByRole('button', { name: 'Runbook' });
  await entry.click();
  await expect(page).toHaveURL(/item=runbook/);
  const shown = page.getByRole(inspector, { name: 'Inspector' });
  await expect(shown.getByText('shop/checkout.md')).toBeVisible();
  await expect(shown.getByRole('heading', { name: 'Checkout' })).toBeVisible();
  await shown.getByRole('button', { name: 'Raw' }).click();
  await expect(shown.getByText('# Checkout')).toBeVisible();
  await expect(page.getByText('Skill safe-remedies (required)')).toBeVisible();
});

test('one of a host that is not allowed is refused at its field', async ({ signedIn: page }) => {
  await page.goto('/p/default/alerts/new');
  await page.getByLabel('What happened').fill('Something is down.');
  await page.getByRole('textbox', { name: 'Runbook' }).fill('https://evil.example/steps.md');
  await page.getByRole('button', { name: 'Start the investigation' }).click();
  await expect(page.getByText(/evil\.example, which runbooks\.allowedDomains does not name/)).toBeVisible();
  await expect(page).toHaveURL(/alerts\/new/);
});

test('without a choice the default of the chain is read', async ({ signedIn: page, demo }) => {
  expect(await demo.get(`/sessions/${demo.firstSessionId}/runbook`)).toMatchObject({
    source: 'kubernetes.md',
    text: expect.stringContaining('# Kubernetes workload alerts'),
    note: null,
  });
  await page.goto(`/p/default/sessions/${demo.firstSessionId}?item=runbook`);
  await expect(page.getByRole('heading', { name: 'Kubernetes workload alerts' })).toBeVisible();
});
