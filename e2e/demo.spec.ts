import type { Page } from '@playwright/test';
import { expect, test } from './fixtures/demo.ts';

const FIRST_CAUSE = 'DATABASE_URL';

const answer = (page: Page) => page.getByRole('article', { name: 'Final analysis' });
const header = (page: Page) => page.getByRole('banner').or(page.locator('header')).first();

test('the printed link signs in once and leads to the investigation, answer and evidence', async ({
  page,
  demo,
}) => {
  await page.goto(demo.firstLink);
  await expect(page).toHaveURL(new RegExp(`/p/default/sessions/${demo.firstSessionId}`));
  await expect(page.getByRole('heading', { level: 1, name: /KubePodCrashLooping/ })).toBeVisible();

  await expect(answer(page)).toBeVisible({ timeout: 60_000 });
  await expect(answer(page)).toContainText(FIRST_CAUSE);
  await expect(header(page).getByText('Completed', { exact: true })).toBeVisible();
  await expect(page.getByText(/offline analyst/i).first()).toBeVisible();

  const evidence = answer(page).getByRole('button', { name: /pods|secrets|events|resources/i });
  await evidence.first().click();
  await expect(page).toHaveURL(/[?&]item=/);
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await expect(inspector).toBeVisible();
  await expect(inspector.getByText('cluster', { exact: false }).first()).toBeVisible();

  // The address of the selection shows the same to whoever gets it.
  const address = page.url();
  await page.reload();
  await expect(inspector).toBeVisible();
  expect(page.url()).toBe(address);
});

test('a fired incident streams, survives a reload in the middle, and ends with its cause', async ({
  signedIn,
  demo,
}) => {
  const page = signedIn;
  await page.goto('/p/default/alerts/new');
  await page
    .getByRole('button', { name: /^Fire .*(memory|heap|OOM)/i })
    .first()
    .click();
  await expect(page).toHaveURL(/\/p\/default\/sessions\/[0-9a-f-]{36}/);
  const sessionId = /sessions\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';

  // The first tool call shows while the run goes on; then read the page anew, as often as a nervous person does.
  await expect(page.locator('[data-row]').first()).toBeVisible();
  for (let times = 0; times < 3; times++) await page.reload();

  await expect(answer(page)).toBeVisible({ timeout: 60_000 });
  await expect(answer(page)).toContainText(/memory/i);
  const session = await demo.get(`/sessions/${sessionId}`);
  expect(session).toMatchObject({ status: 'completed', finalAnalysis: expect.stringMatching(/memory/i) });
  await page.reload();
  await expect(answer(page)).toBeVisible();
});

test('the list shows what ran; search, address and the way to a session', async ({ signedIn, demo }) => {
  const page = signedIn;
  await page.goto('/p/default/sessions');
  await expect(page.getByRole('heading', { level: 1, name: 'Sessions' })).toBeVisible();
  await expect(page.getByRole('link', { name: /KubePodCrashLooping/ }).first()).toBeVisible();
  const search = page.getByLabel('Search sessions');
  await search.fill('no such thing anywhere');
  await expect(page).toHaveURL(/[?&]q=/);
  await expect(page.getByRole('link', { name: /KubePodCrashLooping/ })).toHaveCount(0);
  await search.fill('KubePodCrashLooping');
  await page
    .getByRole('link', { name: /KubePodCrashLooping/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/sessions\/[0-9a-f-]{36}/);
  await page.goto(`/sessions/${demo.firstSessionId}`);
  await expect(page).toHaveURL(new RegExp(`/p/default/sessions/${demo.firstSessionId}`));
});

test('the trace shows model and tool calls with what was sent', async ({ signedIn, demo }) => {
  const page = signedIn;
  await page.goto(`/p/default/sessions/${demo.firstSessionId}/trace`);
  await expect(page.getByText('pods_log', { exact: false }).first()).toBeVisible();
});

test('strangers see nothing but the sign-in page', async ({ page, demo }) => {
  await page.goto(`${demo.url}/p/default/sessions`);
  await expect(page).toHaveURL(/\/sign-in\?to=/);
  await expect(page.getByText('npx tars login link')).toBeVisible();
  const link = demo.newLink();
  await page.goto(`${link}?to=/p/default/system`);
  await expect(page).toHaveURL(/\/p\/default\/system/);
  // Away from a page that would notice by itself, and lead to the sign-in page in between.
  await page.goto('about:blank');
  await page.context().clearCookies();
  await page.goto(link);
  await expect(page).toHaveURL(/\/sign-in\?error=/);
  await expect(page.getByRole('alert').filter({ hasText: /link/i })).toBeVisible();
});

test('the system page shows health, the worker, and the tools of the real MCP server', async ({
  signedIn,
}) => {
  const page = signedIn;
  await page.goto('/p/default/system');
  await expect(page.getByRole('heading', { level: 1, name: 'System' })).toBeVisible();
  for (const card of ['MCP servers', 'Queue', 'Workers']) {
    await expect(page.getByRole('heading', { name: card })).toBeVisible();
  }
  await page.getByText('cluster', { exact: true }).first().click();
  await expect(page.getByText('pods_list', { exact: true })).toBeVisible();
  await expect(page.getByText('changes something')).toHaveCount(0);
});

test('the keyboard reaches shortcuts, commands and pages', async ({ signedIn }) => {
  const page = signedIn;
  await page.goto('/p/default/sessions');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Search and commands' })).toBeFocused();
  await page.keyboard.type('system');
  await expect(page.getByRole('option', { name: 'System', selected: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/p\/default\/system/);
});
