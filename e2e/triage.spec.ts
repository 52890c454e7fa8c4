import type { Page } from '@playwright/test';
import { expect, test } from './fixtures/demo.ts';

/** The board and the session's review as people use them: by keyboard, several at once, followed by others. */

type Session = {
  id: string;
  title: string;
  status: string;
  review: { status: string | null; rating: string | null };
};
const isPage = (body: unknown): body is { items: Session[] } =>
  typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items);

const group = (page: Page, name: string) => page.getByRole('region', { name });
const focusedTitle = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '');

test('investigations are triaged by keyboard alone, and others see it', async ({
  signedIn: page,
  demo,
  login,
  browser,
}) => {
  const send = async (title: string) => {
    const response = await fetch(`${demo.url}/api/v1/alerts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${demo.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ title, alertType: 'triage', data: 'Nothing in particular.' }),
    });
    expect(response.status).toBe(202);
  };
  for (const title of ['Triage one', 'Triage two', 'Triage three']) await send(title);
  const sessions = async () => {
    const body = await demo.get('/sessions?alertType=triage');
    return isPage(body) ? body.items : [];
  };
  const reviewOf = async (title: string) => (await sessions()).find((each) => each.title === title)?.review;
  await expect
    .poll(async () => (await sessions()).filter(({ review }) => review.status === 'needs_review').length, {
      timeout: 90_000,
    })
    .toBe(3);

  await page.goto('/p/default/triage?alertType=triage');
  const waiting = group(page, 'Needs review');
  const mine = group(page, 'In review');
  const done = group(page, 'Reviewed');
  await expect(waiting.getByRole('link')).toHaveCount(3);
  const context = await browser.newContext({ storageState: login, baseURL: demo.url });
  const other = await context.newPage();
  await other.goto('/p/default/triage?alertType=triage');
  await expect(group(other, 'Needs review').getByRole('link')).toHaveCount(3);

  // One: claim the first, and the focus goes on to the next.
  await page.bringToFront();
  await page.keyboard.press('j');
  await expect.poll(() => focusedTitle(page)).toBe('Triage three');
  await page.keyboard.press('c');
  await expect(mine.getByRole('link', { name: 'Triage three' })).toBeVisible();
  await expect.poll(() => focusedTitle(page)).toBe('Triage two');
  await expect(group(other, 'In review').getByRole('link', { name: 'Triage three' })).toBeVisible();

  // Several: select two, complete them with a rating.
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(page.getByText('2 sessions selected')).toBeVisible();
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog', { name: 'Complete 2 reviews' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Space');
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toHaveCount(0);
  await expect(done.getByRole('link')).toHaveCount(2);
  await expect(done.getByText('Accurate')).toHaveCount(2);
  await expect.poll(() => reviewOf('Triage one')).toMatchObject({ status: 'reviewed', rating: 'accurate' });
  await expect(group(other, 'Reviewed').getByRole('link')).toHaveCount(2);

  // Keys are listed where people look for them.
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet.getByText('Complete with a rating', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await context.close();
});

test('a command that comes too late is taken back with the reason', async ({ signedIn: page, demo }) => {
  const post = (path: string, body: unknown) =>
    fetch(`${demo.url}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${demo.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const sent: { sessionId: string } = await (
    await post('/alerts', { title: 'Triage late', alertType: 'late', data: 'Nothing in particular.' })
  ).json();
  await page.goto('/p/default/triage?alertType=late');
  const link = group(page, 'Needs review').getByRole('link', { name: 'Triage late' });
  await expect(link).toBeVisible({ timeout: 60_000 });
  // What somebody else does now does not reach this page, as in the moment before it does.
  await page.route('**/api/trpc/**', (route) =>
    route.request().method() === 'GET' ? route.abort() : route.continue(),
  );
  expect((await post(`/sessions/${sent.sessionId}/review`, { action: 'acknowledge' })).status).toBe(200);
  await link.focus();
  await page.keyboard.press('c');
  await expect(page.getByText(/Meanwhile it is already reviewed/)).toBeVisible();
  await page.unroute('**/api/trpc/**');
  await page.reload();
  await expect(group(page, 'Reviewed').getByRole('link', { name: 'Triage late' })).toBeVisible();
});

test('a session is reviewed and scored on its page; what was learned is on the knowledge page', async ({
  signedIn: page,
  demo,
}) => {
  await page.goto(`/p/default/sessions/${demo.firstSessionId}`);
  const review = page.getByRole('region', { name: 'Review' });
  await expect(review).toBeVisible({ timeout: 60_000 });
  const score = page.getByRole('region', { name: 'Score' });
  await expect(score.getByText('by rules, without a model')).toBeVisible();
  await score.getByText('Report', { exact: true }).click();
  await expect(score.getByText('refer to a tool result that exists', { exact: false }).first()).toBeVisible();
  await score.getByRole('button', { name: 'Score again' }).click();
  await expect(score.getByLabel('Scores of this session')).toBeVisible();

  await review.getByRole('button', { name: 'Complete' }).click();
  const dialog = page.getByRole('dialog', { name: 'Complete the review' });
  await dialog.getByText('Partially accurate').click();
  await dialog.getByLabel('Feedback').fill('The key was renamed by the platform team.');
  await dialog.getByRole('button', { name: 'Complete' }).click();
  await expect(review.getByText('Partially accurate')).toBeVisible();
  await expect(review.getByText('The key was renamed by the platform team.')).toBeVisible();

  await page.goto('/p/default/knowledge');
  const memories = page.getByRole('list', { name: 'Memories' });
  await expect(async () => {
    await page.reload();
    await expect(memories.getByText('The key was renamed by the platform team.')).toBeVisible({
      timeout: 2_000,
    });
  }).toPass();
  await page.getByRole('button', { name: 'Put this memory out of use' }).first().click();
  await page.getByLabel('State').selectOption('deprecated');
  await expect(memories.getByText(/Not used any more/)).toBeVisible();
});
