import { type Browser, expect, type Page } from '@playwright/test';
import { expectAccessibleEverywhere } from './fixtures/accessible.ts';
import { productTest } from './fixtures/product.ts';

/** An administrator lets people in and takes them out, and makes and revokes an API key. People come through a proxy. */

const test = productTest({
  proxy: true,
  chains: { kubernetes: { alertTypes: ['kubernetes'], stages: [{ name: 'look', agents: ['kubernetes'] }] } },
});
test.describe.configure({ mode: 'serial' });

/** The first of them to come administers the default project. */
async function as(browser: Browser, name: string): Promise<Page> {
  const context = await browser.newContext({ extraHTTPHeaders: { 'x-auth-user': name } });
  return context.newPage();
}

test('somebody without a project is told what to ask for, is let in, and is taken out again', async ({
  browser,
  product,
}) => {
  const ada = await as(browser, 'ada');
  await ada.goto(product.page('/access'));
  const members = ada.getByRole('region', { name: 'Members' });
  await expect(members.getByRole('listitem').filter({ hasText: 'ada' })).toBeVisible();

  const bob = await as(browser, 'bob');
  await bob.goto(product.page('/sessions'));
  await expect(bob.getByText('Signed in as bob, but not a member of any project')).toBeVisible();
  await expect(bob.getByText('proxy:bob')).toBeVisible();
  await expectAccessibleEverywhere(bob);

  await ada.reload();
  await members.getByText('One person has signed in without belonging to any project').click();
  await expect(members.getByRole('list', { name: 'Waiting' })).toContainText('proxy:bob');
  await expectAccessibleEverywhere(ada);
  // By keyboard.
  await members.getByRole('button', { name: 'Add as viewer: bob' }).focus();
  await ada.keyboard.press('Enter');
  const row = members.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: 'bob' });
  await expect(row).toContainText('by ada');
  // Without a reload: whoever waits need not know when to try again.
  await expect(bob.getByRole('heading', { name: 'Sessions' })).toBeVisible();
  await expect(bob.getByRole('link', { name: 'Submit alert' })).toHaveCount(0);
  await expect(bob.getByRole('link', { name: 'Access' })).toHaveCount(0);
  await bob.goto(product.page('/access'));
  await expect(bob.getByText('Only administrators manage members and keys')).toBeVisible();

  await row.getByRole('combobox', { name: 'Role of bob' }).selectOption('operator');
  await row.getByRole('button', { name: 'Save the role of bob' }).click();
  await expect(ada.getByText('bob is operator now.')).toBeVisible();
  await bob.goto(product.page('/sessions'));
  await expect(bob.getByRole('link', { name: 'Submit alert' })).toBeVisible();

  await row.getByRole('button', { name: 'Remove bob' }).click();
  await ada.getByRole('alertdialog').getByRole('button', { name: 'Take out' }).click();
  await expect(row).toHaveCount(0);
  await bob.goto(product.page('/sessions'));
  await expect(bob.getByText('not a member of any project')).toBeVisible();

  await expect(
    ada.getByRole('region', { name: 'History' }).getByRole('listitem').filter({ hasText: 'bob' }),
  ).toContainText([
    'ada took bob out (operator)',
    'ada changed what bob may do (viewer → operator)',
    'ada added bob (viewer)',
  ]);
});

test('people are invited before they sign in; the last administrator stays', async ({ browser, product }) => {
  const ada = await as(browser, 'ada');
  await ada.goto(product.page('/access'));
  const members = ada.getByRole('region', { name: 'Members' });
  const form = members.getByRole('form', { name: 'Add a member' });
  await form.getByLabel('Login or e-mail address').fill('a@b@c');
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(form.getByText('Give a login or an e-mail address.')).toBeVisible();
  await form.getByLabel('Login or e-mail address').fill('grace');
  await ada.keyboard.press('Enter');
  const invited = members.getByRole('listitem').filter({ hasText: 'proxy:grace' });
  await expect(invited).toContainText('has not signed in yet');
  await expectAccessibleEverywhere(ada);
  const grace = await as(browser, 'grace');
  await grace.goto(product.url);
  await expect(grace.getByRole('heading', { name: 'Sessions' })).toBeVisible();

  await members.getByRole('button', { name: 'Remove ada' }).click();
  await ada.getByRole('alertdialog').getByRole('button', { name: 'Take out' }).click();
  await expect(ada.getByText('ada is the last administrator of this project.')).toBeVisible();
  await expect(members.getByRole('button', { name: 'Remove ada' })).toBeVisible();
});

test('whose role it is can be read on a phone, however long the name', async ({ browser, product }) => {
  const ada = await as(browser, 'ada');
  await ada.setViewportSize({ width: 390, height: 844 });
  await ada.goto(product.page('/access'));
  const members = ada.getByRole('region', { name: 'Members' });
  const name = 'maximiliane.hohenstein-schellenberg@contractors.subsidiary.enterprises.example';
  await members.getByLabel('Login or e-mail address').fill(name);
  await ada.keyboard.press('Enter');
  const shown = members.getByRole('list', { name: 'Members' }).getByText(name, { exact: true });
  await expect(shown).toBeVisible();
  expect(await shown.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
  expect(await shown.evaluate((element) => getComputedStyle(element).textOverflow)).toBe('clip');
  await members.getByRole('button', { name: `Remove ${name}` }).click();
  const asked = ada.getByRole('alertdialog');
  await expect(asked).toContainText(name);
  expect(await asked.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
});

test('a key is shown once, works, and is revoked at once', async ({ browser, product }) => {
  const ada = await as(browser, 'ada');
  await ada.goto(product.page('/access'));
  const keys = ada.getByRole('region', { name: 'API keys' });
  await keys.getByRole('button', { name: 'New key' }).click();
  const dialog = ada.getByRole('dialog');
  await ada.keyboard.type('grafana');
  await dialog.getByLabel('Scope').selectOption('viewer');
  await expectAccessibleEverywhere(ada);
  await dialog.getByRole('button', { name: 'Create' }).click();
  const secret = (await dialog.getByText(/^tars_/).textContent()) ?? '';
  await expectAccessibleEverywhere(ada);
  await dialog.getByRole('button', { name: 'Done' }).click();
  const row = keys.getByRole('listitem').filter({ hasText: 'grafana' });
  await expect(row).toContainText(`${secret.slice(0, 12)}…`);
  await expect(row).toContainText('by ada');
  await expect(ada.getByText(secret)).toHaveCount(0);

  const status = async () =>
    (await fetch(`${product.url}/api/v1/sessions`, { headers: { authorization: `Bearer ${secret}` } }))
      .status;
  expect(await status()).toBe(200);
  await row.getByRole('button', { name: 'Revoke grafana' }).click();
  await ada.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(ada.getByText('grafana is revoked.')).toBeVisible();
  await expect.poll(status).toBe(401);
  await keys.getByText('1 revoked or expired').click();
  await expect(keys.getByRole('list', { name: 'Ended keys' })).toContainText('grafana');
  await expectAccessibleEverywhere(ada);
});
