import { z } from 'zod';
import { expect, test } from './fixtures/demo.ts';
import { runCommand } from './fixtures/processes.ts';

/** The real command against the running demo's database, then its result in the browser. */
test('an evaluation is run by the command line and read in the browser', async ({ signedIn: page, demo }) => {
  const command = runCommand(
    process.execPath,
    ['bin/tars.mjs', 'eval', '--scenario', 'healthy-cluster', 'image-pull-wrong-tag', '--json'],
    { TARS_DATA_DIR: demo.dataDir, TARS_URL: demo.url },
  );
  expect(await command.ended, command.output()).toBe(0);
  const last = command.stdout().trim().split('\n').at(-1) ?? '';
  const { id, url } = z.object({ id: z.string(), url: z.url() }).parse(JSON.parse(last));

  await page.goto('/p/evaluations/evaluations');
  await page.getByRole('link', { name: /chain kubernetes · 2 scenarios × 1/ }).click();
  await expect(page).toHaveURL(url);
  const passed = page.getByRole('article').filter({ hasText: 'image-pull-wrong-tag' });
  await expect(passed.getByText('passed', { exact: true })).toBeVisible();
  await passed.getByRole('link', { name: 'Investigation' }).click();
  await expect(page.getByRole('article', { name: 'Final analysis' })).toContainText('v3.14.2-hotfix');

  await page.goto(`/p/evaluations/evaluations/compare?left=${id}&right=${id}`);
  await expect(page.getByText('same')).toHaveCount(2);
  await page.goto('/p/default/evaluations');
  await page.getByRole('link', { name: 'Open the project Evaluations' }).click();
  await expect(page).toHaveURL(/\/p\/evaluations\/evaluations$/);
});
