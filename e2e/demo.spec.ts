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
    .getByRole('button', { name: /^Fire .*claim stays pending/i })
    .first()
    .click();
  await expect(page).toHaveURL(/\/p\/default\/sessions\/[0-9a-f-]{36}/);
  const sessionId = /sessions\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';

  // The first tool call shows while the run goes on; then read the page anew, as often as a nervous person does.
  await expect(page.locator('[data-row]').first()).toBeVisible();
  for (let times = 0; times < 3; times++) await page.reload();

  await expect(answer(page)).toBeVisible({ timeout: 60_000 });
  await expect(answer(page)).toContainText('fast-ssd');
  const session = await demo.get(`/sessions/${sessionId}`);
  expect(session).toMatchObject({ status: 'completed', finalAnalysis: expect.stringContaining('fast-ssd') });
  await page.reload();
  await expect(answer(page)).toBeVisible();
});

test('a repair: two agents side by side, a proposal, a decision in the browser, and the cluster is well again', async ({
  signedIn,
  demo,
}) => {
  const page = signedIn;
  await page.goto('/p/default/alerts/new');
  const incident = page.getByRole('listitem').filter({ hasText: 'storefront' });
  await expect(incident).toContainText('proposes a repair');
  await incident.getByRole('button', { name: /^Fire/ }).click();
  await expect(page).toHaveURL(/\/p\/default\/sessions\/[0-9a-f-]{36}/);
  const sessionId = /sessions\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
  const outline = page.getByRole('navigation', { name: 'Outline' });
  for (const agent of ['workloads', 'surroundings']) await expect(outline).toContainText(agent);

  const bar = page.getByRole('region', { name: 'Waiting for a decision' });
  await expect(bar).toContainText('cluster-change.resources_create_or_update', { timeout: 60_000 });
  await expect(header(page).getByText('Waiting', { exact: true })).toBeVisible();
  // Nothing has changed so far: the rollout still hangs.
  expect(await demo.deployment('storefront')).toMatchObject({ status: { replicas: 4 } });

  await page.keyboard.press('y');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('from registry.acme.dev/shop/storefront:v3.14.2-hotfix');
  await expect(dialog).toContainText(/to {3}registry\.acme\.dev\/shop\/storefront:v3\.14\.1/);
  await expect(dialog).toContainText('Back: kubectl -n shop set image deployment/storefront');
  await page.keyboard.press('Enter');

  await expect(answer(page)).toContainText(/Repaired: .*3 of 3 replicas are ready/, { timeout: 60_000 });
  // What was read after the change is linked, too, on a page that was open all the time.
  await expect(answer(page).getByRole('button', { name: 'resources_create_or_update' })).toBeVisible();
  await expect(answer(page)).not.toContainText('[tool:');
  expect(await demo.get(`/sessions/${sessionId}`)).toMatchObject({ status: 'completed', chain: 'repair' });
  expect(await demo.deployment('storefront')).toMatchObject({
    spec: {
      template: { spec: { containers: [{ image: 'registry.acme.dev/shop/storefront:v3.14.1' }] } },
    },
    status: { replicas: 3, readyReplicas: 3, updatedReplicas: 3 },
  });
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
  const server = (name: string) =>
    page.locator('details').filter({ has: page.getByText(name, { exact: true }) });
  await server('cluster').locator('summary').click();
  await expect(server('cluster').getByText('pods_list', { exact: true })).toBeVisible();
  await expect(server('cluster').getByText('changes something')).toHaveCount(0);
  // The one that repairs go through says what it could do; agents are given one of its changing tools.
  await server('cluster-change').locator('summary').click();
  await expect(server('cluster-change').getByText('changes something').first()).toBeVisible();
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
