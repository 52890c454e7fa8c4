import { expect, test } from './fixtures/demo.ts';
import { runCommand } from './fixtures/processes.ts';

/** A check of the running demo, whose shop has an incident in it: run, read, compared with the run before, paused. */
test('a check is run from its page, says what is wrong, and the second time that it is unchanged', async ({
  signedIn: page,
}) => {
  test.setTimeout(180_000);
  await page.goto('/p/default/checks');
  const row = page
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: 'shop', exact: true }) });
  await expect(row).toContainText('Is everything in namespace shop as it should be?');
  await expect(row).toContainText('No outcome yet');
  const run = page.getByRole('button', { name: 'Run now: shop' });
  await run.click();
  await expect(row.getByText('Running').first()).toBeVisible();
  await expect(run).toBeDisabled();
  await expect(row.getByText(/^\d+ findings?$/)).toBeVisible({ timeout: 90_000 });
  await expect(row).toContainText('DATABASE_URL');

  await expect(run).toBeEnabled();
  await run.click();
  await expect(row.getByText('unchanged since')).toBeVisible({ timeout: 90_000 });
  await expect(page.getByRole('list', { name: 'Runs of shop' }).getByRole('link')).toHaveCount(2);

  // To the session and back.
  await row
    .getByRole('link', { name: /DATABASE_URL/ })
    .last()
    .click();
  await expect(page.getByRole('heading', { level: 1, name: 'Check shop' })).toBeVisible();
  await expect(page.getByRole('article', { name: 'Final analysis' })).toContainText('Check outcome');
  await expect(page.getByText('unchanged since')).toBeVisible();
  await page.getByRole('link', { name: 'check shop' }).click();
  await expect(page).toHaveURL(/\/p\/default\/checks#shop$/);

  await page.goto('/p/default/sessions?q=shop&alertType=check');
  await expect(page.getByRole('row').filter({ hasText: 'Check shop' })).toHaveCount(2);
  await expect(page.getByRole('row').filter({ hasText: 'Check shop' }).first()).toContainText(/\d findings?/);
});

test('a check is paused and resumed, and the list is filtered in the URL', async ({ signedIn: page }) => {
  await page.goto('/p/default/checks');
  await page.getByRole('button', { name: 'Pause shop' }).click();
  await expect(page.getByText('Paused', { exact: true })).toBeVisible();
  await page.getByLabel('Show').selectOption('Paused or turned off');
  await expect(page).toHaveURL(/show=paused/);
  await expect(page.getByRole('button', { name: 'Resume shop' })).toBeVisible();
  await page.getByRole('button', { name: 'Resume shop' }).click();
  await expect(page.getByText('No check like that')).toBeVisible();
  await page.getByRole('button', { name: 'Show all checks' }).click();
  await expect(page.getByRole('button', { name: 'Pause shop' })).toBeVisible();
});

test('without a check the page shows how to configure the first one', async ({ signedIn: page, demo }) => {
  const command = runCommand(process.execPath, ['bin/tars.mjs', 'project', 'create', 'quiet'], {
    TARS_DATA_DIR: demo.dataDir,
  });
  expect(await command.ended, command.output()).toBe(0);
  await page.goto('/p/quiet/checks');
  await expect(page.getByText('No check yet')).toBeVisible();
  await expect(page.getByText('project: quiet')).toBeVisible();
});
