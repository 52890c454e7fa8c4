import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { expectAccessibleEverywhere } from './fixtures/accessible.ts';
import { type Product, productTest } from './fixtures/product.ts';

/** Decisions of people, in the real product: a scripted model, a real MCP server, real web, worker and database. */
const test = productTest({
  chains: {
    repair: {
      alertTypes: ['repair'],
      stages: [{ name: 'repair', agents: ['kubernetes'] }],
      executiveSummary: { enabled: false },
    },
  },
});

let files = 0;
const newFile = () => join(tmpdir(), `tars-approval-${process.pid}-${++files}`);
const contentOf = (path: string) => readFile(path, 'utf8').catch(() => '');

const write = (path: string, id = 'w') => ({
  id,
  name: 'box__write',
  arguments: { path, text: `restart ${id}` },
});
const bar = (page: Page) => page.getByRole('region', { name: 'Waiting for a decision' });
const dialog = (page: Page) => page.getByRole('dialog');
const answer = (page: Page) => page.getByRole('article', { name: 'Final analysis' });

async function open(
  page: Page,
  product: Product,
  script: Parameters<Product['investigate']>[1],
): Promise<string> {
  const sessionId = await product.investigate('repair', script);
  await page.goto(product.page(`/sessions/${sessionId}`));
  await expect(bar(page)).toBeVisible({ timeout: 60_000 });
  return sessionId;
}

test('a call that changes something waits; the keyboard approves it, and exactly that call runs', async ({
  person: page,
  product,
}) => {
  const path = newFile();
  const sessionId = await open(page, product, [
    { text: 'I write it down.', toolCalls: [write(path)] },
    '## Summary\nWritten.',
  ]);
  await expect(
    page.getByRole('banner').or(page.locator('header')).getByText('Waiting', { exact: true }).first(),
  ).toBeVisible();
  await expect(bar(page)).toContainText('box.write');
  await expect(bar(page)).toContainText(/expires in/);
  await expect(page).toHaveTitle(/^\(1\) ◐/);
  await expect(page.getByRole('link', { name: /Approvals.*1/ })).toBeVisible();
  expect(await contentOf(path)).toBe('');

  await page.keyboard.press('y');
  await expect(dialog(page)).toContainText(path);
  await expect(dialog(page)).toContainText('restart w');
  await page.keyboard.press('Enter');

  await expect(answer(page)).toContainText('Written.', { timeout: 60_000 });
  expect(await contentOf(path)).toBe('restart w\n');
  await expect(bar(page)).toHaveCount(0);
  await expect(page).not.toHaveTitle(/^\(/);
  await expect(page.getByText('Administrator approved it', { exact: true })).toBeVisible();
  // The decision stands with the call that it was about, in the timeline and in the inspector.
  const call = page.getByRole('list', { name: 'Timeline' }).getByRole('listitem').filter({ hasText: path });
  await expect(call).toHaveCount(1);
  await expect(call).toContainText('Administrator approved it');
  await expect(call).toContainText(`appended to ${path}`);
  await call.getByRole('button', { name: /write/ }).click();
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await expect(inspector).toContainText('Administrator approved it');
  await expect(inspector).toContainText('Needed approval');
  expect((await product.get(`/sessions/${sessionId}`)).status).toBe('completed');
});

test('a denied call does not run, and the model reads why', async ({ person: page, product }) => {
  const path = newFile();
  await open(page, product, [{ toolCalls: [write(path)] }, '## Summary\nNot written.']);
  await page.keyboard.press('n');
  await dialog(page).getByLabel('Why (optional)').fill('Not during business hours.');
  await page.keyboard.press('Control+Enter');
  await expect(answer(page)).toContainText('Not written.', { timeout: 60_000 });
  expect(await contentOf(path)).toBe('');
  await expect(page.getByText('Administrator denied it', { exact: true })).toBeVisible();
  expect(JSON.stringify(product.model.requests.at(-1)?.conversation)).toContain('Not during business hours.');
});

test('each call is decided on its own; one approval can hold for the rest of the session', async ({
  person: page,
  product,
}) => {
  const paths = [newFile(), newFile(), newFile()];
  const [first = '', second = '', third = ''] = paths;
  await open(page, product, [
    { toolCalls: [write(first, 'a'), write(second, 'b')] },
    { toolCalls: [write(third, 'c')] },
    '## Summary\nDone.',
  ]);
  await expect(bar(page)).toContainText('1 of 2');
  const card = (path: string) =>
    page.getByRole('listitem').filter({ hasText: path }).filter({ hasText: 'Approve once' });
  const deny = card(second).getByRole('button', { name: 'Deny' });
  await deny.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(deny, 'the focus goes back to where it was').toBeFocused();
  await deny.click();
  await dialog(page).getByRole('button', { name: 'Deny' }).click();
  await expect(bar(page)).not.toContainText('of 2');
  await card(first).getByRole('button', { name: 'Approve for this session' }).click();
  await expect(dialog(page)).toContainText('with any arguments runs without asking again');
  await dialog(page).getByRole('button', { name: 'Approve for this session' }).click();
  // The third call needs nobody any more.
  await expect(answer(page)).toContainText('Done.', { timeout: 60_000 });
  expect(await Promise.all(paths.map(contentOf))).toEqual(['restart a\n', '', 'restart c\n']);
});

test('somebody who is slower is told who was faster', async ({ person: page, product, browser, login }) => {
  await open(page, product, [{ toolCalls: [write(newFile())] }, '## Summary\nDone.']);
  const other = await (await browser.newContext({ storageState: login })).newPage();
  await other.goto(product.page('/approvals'));
  const request = other.getByRole('article', { name: /box\.write/ });
  await expect(request).toBeVisible();
  await page.keyboard.press('y');
  await expect(dialog(page)).toBeVisible();
  await request.getByRole('button', { name: 'Approve once' }).click();
  await expect(dialog(page).getByRole('status')).toContainText(/Administrator approved it/, {
    timeout: 30_000,
  });
  await expect(dialog(page).getByRole('button', { name: 'Approve once' })).toHaveCount(0);
  // The inbox keeps what was decided, and by whom.
  await expect(
    other.getByRole('region', { name: 'Decided' }).getByText('Administrator approved it').first(),
  ).toBeVisible();
  await other.context().close();
});

test('a long call leaves room for the others in the inbox, and is approved unseen by nobody', async ({
  person: page,
  product,
}) => {
  const path = newFile();
  const text = Array.from({ length: 60 }, (_, line) => `key-${line}: value`).join('\n');
  await open(page, product, [
    { toolCalls: [{ id: 'long', name: 'box__write', arguments: { path, text } }] },
    '## Summary\nWritten at length.',
  ]);
  await page.goto(product.page('/approvals'));
  const request = page.getByRole('article', { name: /box\.write/ }).filter({ hasText: path });
  await expect(request.getByRole('button', { name: 'Show the whole call, 61 lines' })).toBeVisible();
  const approve = request.getByRole('button', { name: 'Approve once' });
  await expect(approve).toBeInViewport();
  await expectAccessibleEverywhere(page);
  await approve.click();
  await expect(dialog(page).getByText('key-59: value')).toBeAttached();
  await dialog(page).getByRole('button', { name: 'Not now' }).click();
  expect(await contentOf(path)).toBe('');
  await request.getByRole('button', { name: /Show the whole call/ }).focus();
  await page.keyboard.press('Enter');
  await expect(request.getByRole('button', { name: /Show the whole call/ })).toHaveCount(0);
  await approve.click();
  await expect.poll(() => contentOf(path), { timeout: 60_000 }).toBe(`${text}\n`);
});

test('a question is answered with one of its options, or in words', async ({ person: page, product }) => {
  const ask = (id: string, options?: string[]) => ({
    id,
    name: 'tars__ask_person',
    arguments: { question: `Which of them, ${id}?`, ...(options ? { options } : {}) },
  });
  await open(page, product, [
    { toolCalls: [ask('first', ['north', 'south'])] },
    { toolCalls: [ask('second')] },
    '## Summary\nAsked.',
  ]);
  await page.getByRole('button', { name: 'south' }).click();
  await expect(bar(page)).toContainText('Which of them, second?', { timeout: 60_000 });
  await page.keyboard.press('y');
  await dialog(page).getByLabel('Your answer').fill('The one in the east.');
  await page.keyboard.press('Control+Enter');
  await expect(answer(page)).toContainText('Asked.', { timeout: 60_000 });
  const conversation = JSON.stringify(product.model.requests.at(-1)?.conversation);
  expect(conversation).toContain('south');
  expect(conversation).toContain('The one in the east.');
});

/** Of everybody, and tells the web process as the product does. */
async function setRole(product: { database: { query(text: string): Promise<unknown> } }, role: string) {
  await product.database.query(`update membership set role = '${role}'`);
  await product.database.query(`select pg_notify('tars_access', '')`);
}

test('the list marks what waits, viewers see it and cannot decide, and the pages are accessible', async ({
  person: page,
  product,
}) => {
  const sessionId = await open(page, product, [{ toolCalls: [write(newFile())] }, '## Summary\nDone.']);
  await page.goto(product.page('/sessions'));
  await expect(page.getByRole('link', { name: /1 decision/ })).toBeVisible();
  for (const path of ['/approvals', `/sessions/${sessionId}`]) {
    await page.goto(product.page(path));
    await expect(page.getByRole('button', { name: /^Approve/ }).first()).toBeVisible();
    await expectAccessibleEverywhere(page);
  }
  await setRole(product, 'viewer');
  try {
    await page.goto(product.page(`/sessions/${sessionId}`));
    await expect(bar(page)).toContainText('An operator decides.');
    await expect(page.getByRole('button', { name: /Approve|Deny/ })).toHaveCount(0);
    await page.keyboard.press('y');
    await expect(dialog(page)).toHaveCount(0);
  } finally {
    await setRole(product, 'admin');
  }
});
