import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures/demo.ts';

/** Serious enough that somebody cannot use the page. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join('\n    ')}`,
  );
  expect(found).toEqual([]);
}

for (const scheme of ['light', 'dark'] as const) {
  test(`pages follow WCAG 2.1 AA in ${scheme}`, async ({ signedIn: page, demo }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    const session = `/p/default/sessions/${demo.firstSessionId}`;
    await page.goto(session);
    await expect(page.getByRole('article', { name: 'Final analysis' })).toBeVisible({ timeout: 60_000 });
    await expectAccessible(page);
    for (const path of [
      '/p/default/sessions',
      `${session}/trace`,
      '/p/default/alerts/new',
      '/p/default/approvals',
      '/p/default/triage',
      '/p/default/checks',
      '/p/default/knowledge',
      '/p/default/usage',
      '/p/default/usage?view=table&by=tokens',
      '/p/default/system',
    ]) {
      await test.step(path, async () => {
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        // Skeletons have given way to contents.
        await expect(page.getByLabel('Loading')).toHaveCount(0);
        await expectAccessible(page);
      });
    }
  });
}

test('the sign-in page follows WCAG 2.1 AA', async ({ page, demo }) => {
  await page.goto(`${demo.url}/sign-in`);
  await expect(page.getByText('npx tars login link')).toBeVisible();
  await expectAccessible(page);
});

test('a phone shows the session without sideways scrolling', async ({ signedIn: page, demo }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/p/default/sessions/${demo.firstSessionId}`);
  await expect(page.getByRole('article', { name: 'Final analysis' })).toBeVisible({ timeout: 60_000 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await expectAccessible(page);
});
