import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { type DemoUnderTest, expect, test } from './fixtures/demo.ts';

/** The pages as people use them: with assistive technology, on a phone, by keyboard, in the middle of an answer, offline. */

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
type Scheme = 'light' | 'dark';
const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

const answer = (page: Page) => page.getByRole('article', { name: 'Final analysis' });
const inspector = (page: Page) => page.getByRole('complementary', { name: 'Inspector' });

async function expectAccessible(page: Page, scheme: Scheme, what: string): Promise<void> {
  // Of all rules only contrast depends on the theme.
  const axe = new AxeBuilder({ page });
  const { violations } = await (scheme === 'light'
    ? axe.withTags(RULES)
    : axe.withRules(['color-contrast'])
  ).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join('\n    ')}`,
  );
  expect(found, what).toEqual([]);
}

/** Nothing but code, tables and named strips of choices (suggestions, agents of a stage) may be wider than its column. */
async function expectNoSidewaysScroll(page: Page, what: string): Promise<void> {
  const wide = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('main, main *')].flatMap((element) => {
      const { overflowX } = getComputedStyle(element);
      const scrolls = element === document.documentElement || overflowX === 'auto' || overflowX === 'scroll';
      if (!scrolls || element.scrollWidth <= element.clientWidth + 1) return [];
      return element.matches('pre, ul[aria-label], fieldset[aria-label]') ||
        element.querySelector(':scope > table')
        ? []
        : [element.outerHTML.slice(0, 160)];
    }),
  );
  expect(wide, what).toEqual([]);
}

async function settled(page: Page): Promise<void> {
  await expect(page.locator('h1').first()).toBeVisible();
  // Skeletons have given way to contents.
  await expect(page.getByLabel('Loading')).toHaveCount(0);
}

test('every page follows WCAG 2.1 AA and keeps its width, light and dark, wide and narrow', async ({
  signedIn: page,
  demo,
  browser,
}) => {
  // Every page in four looks: more than the usual time on a busy machine.
  test.slow();
  const session = `/p/default/sessions/${demo.firstSessionId}`;
  const check = async (looked: Page, path: string, ready: () => Promise<void>) => {
    await looked.goto(path);
    await ready();
    for (const size of SIZES) {
      await looked.setViewportSize(size);
      await expectNoSidewaysScroll(looked, `${path} at ${size.width}`);
      for (const colorScheme of ['light', 'dark'] as const) {
        await looked.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await expect(looked.locator(`html.${colorScheme}`)).toHaveCount(1);
        await expectAccessible(looked, colorScheme, `${path} at ${size.width}, ${colorScheme}`);
      }
    }
  };
  await check(page, session, () => expect(answer(page)).toBeVisible({ timeout: 60_000 }));
  await check(page, `${session}?item=alert`, () =>
    expect(page.getByRole('heading', { name: 'Labels' })).toBeVisible(),
  );
  await check(page, `${session}?item=runbook`, () =>
    expect(page.getByRole('heading', { name: 'Kubernetes workload alerts' })).toBeVisible(),
  );
  for (const path of [
    `${session}/trace`,
    '/p/default/sessions',
    '/p/default/sessions?q=no+such+thing&from=2026-01-01T00:00:00.000Z',
    '/p/default/alerts/new',
    '/p/default/approvals',
    '/p/default/triage',
    '/p/default/checks',
    '/p/default/knowledge',
    '/p/default/usage',
    '/p/default/usage?view=table&by=tokens',
    '/p/default/evaluations',
  ]) {
    await check(page, path, () => settled(page));
  }
  await check(page, '/p/default/system', async () => {
    await settled(page);
    await page.getByText('cluster', { exact: true }).first().click();
    await expect(page.getByText('pods_list', { exact: true }).first()).toBeVisible();
  });
  await check(page, '/p/nowhere/sessions', () =>
    expect(page.getByText('No project "nowhere"')).toBeVisible(),
  );
  const stranger = await browser.newContext({ baseURL: demo.url });
  const signIn = await stranger.newPage();
  await check(signIn, '/sign-in?error=LoginLink', () =>
    expect(signIn.getByText('npx tars login link')).toBeVisible(),
  );
  await stranger.close();
});

test('a session is read by keyboard alone', async ({ signedIn: page, demo }) => {
  await page.goto(`/p/default/sessions/${demo.firstSessionId}`);
  await expect(answer(page)).toBeVisible({ timeout: 60_000 });
  const focusedRow = () => page.evaluate(() => document.activeElement?.getAttribute('data-row') ?? null);
  await page.keyboard.press('j');
  await expect.poll(focusedRow).not.toBeNull();
  const first = await focusedRow();
  await page.keyboard.press('j');
  await expect.poll(focusedRow).not.toBe(first);
  await page.keyboard.press('k');
  await expect.poll(focusedRow).toBe(first);

  await page.keyboard.press('Enter');
  await expect(inspector(page)).toBeVisible();
  await page.keyboard.press('i');
  await expect(inspector(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(inspector(page)).toHaveCount(0);
  await expect.poll(focusedRow).toBe(first);

  await page.keyboard.press('/');
  const search = page.getByLabel('Search in this session');
  await expect(search).toBeFocused();
  await search.fill('DATABASE_URL');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/[?&]item=/);
  await page.keyboard.press('Escape');
  await expect(search).not.toBeFocused();

  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  for (const action of ['Next entry', 'Follow live', 'Unfold or fold the entry', 'Older session']) {
    await expect(sheet.getByText(action, { exact: true })).toBeVisible();
  }
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await page.keyboard.press('t');
  await expect(page).toHaveURL(/\/trace/);
});

test('after a navigation the keyboard is at the new page, and stays where it is when only the view changes', async ({
  signedIn: page,
  demo,
}) => {
  const main = page.getByRole('main');
  await page.goto('/p/default/sessions');
  await expect(page.getByRole('link', { name: /KubePodCrashLooping/ }).first()).toBeVisible();

  await test.step('by a link of the sidebar, which is still there', async () => {
    await page.getByRole('link', { name: 'Usage', exact: true }).click();
    await expect(page).toHaveTitle('Usage · TARS');
    await expect(main).toBeFocused();
  });
  await test.step('what only changes the view leaves the focus alone', async () => {
    const table = page.getByRole('button', { name: 'Show as table' });
    await table.click();
    await expect(page).toHaveURL(/view=table/);
    await expect(page.getByRole('button', { name: 'Show as chart' })).toBeFocused();
  });
  await test.step('by the palette', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Checks');
    await page.keyboard.press('Enter');
    await expect(page).toHaveTitle('Checks · TARS');
    await expect(main).toBeFocused();
  });
  await test.step('back', async () => {
    await page.goBack();
    await expect(page).toHaveTitle('Usage · TARS');
    await expect(main).toBeFocused();
  });
  await test.step('by a link of the page that is gone afterwards', async () => {
    await page.goto(`/p/default/sessions/${demo.firstSessionId}/trace`);
    await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link').last().click();
    await expect(answer(page)).toBeVisible({ timeout: 60_000 });
    await expect(main).toBeFocused();
  });
  await test.step('by the menu of a phone, which closes', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'Open menu' }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Usage', exact: true }).click();
    await expect(page).toHaveTitle('Usage · TARS');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(main).toBeFocused();
    // A menu that is closed without going anywhere gives the focus back.
    await page.getByRole('button', { name: 'Open menu' }).click();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: 'Open menu' })).toBeFocused();
  });
});

/** Fires an incident by the page's own button and waits until its page shows. */
async function fireIncident(page: Page, name: RegExp): Promise<string> {
  await page.goto('/p/default/alerts/new');
  await page.getByRole('button', { name }).first().click();
  await expect(page).toHaveURL(/\/p\/default\/sessions\/[0-9a-f-]{36}/);
  return /sessions\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
}

type Entry = { id: string; type: string; status: string; content: string };

const isTimeline = (body: unknown): body is { items: Entry[] } =>
  typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items);

/** What the API says was streamed so far, by the id of the entry. */
async function readTimeline(demo: DemoUnderTest, sessionId: string): Promise<Map<string, Entry>> {
  const body = await demo.get(`/sessions/${sessionId}/timeline?limit=500`);
  if (!isTimeline(body)) throw new Error(`no timeline: ${JSON.stringify(body)}`);
  return new Map(body.items.map((item) => [item.id, item]));
}

/**
 * Text without what drawing changes: signs of Markdown, numbers of lists, names of code languages, references (they become
 * links; one that is still coming in is left out).
 */
const bare = (text: string): string =>
  text
    .replace(/\[tool:[^\]]*(\]|$)/g, '')
    .replace(/\[t?o?o?l?$/, '')
    .replace(/^\s*\d+\.\s/gm, '')
    .replace(/```\w*/g, '')
    .replace(/[^\p{L}\p{N}]/gu, '');

/** Texts of the unfolded entries on the page, all read at one moment. */
const readBodies = (page: Page): Promise<[string, string][]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-row]')].flatMap((row) => {
      const body = row.parentElement?.nextElementSibling?.cloneNode(true);
      if (!(body instanceof HTMLElement)) return [];
      for (const link of body.querySelectorAll('button')) link.remove();
      return [[row.dataset.row ?? '', body.textContent] as [string, string]];
    }),
  );

test('reloading in the middle of an answer shows what was streamed, no more, no less', async ({
  signedIn: page,
  demo,
}) => {
  const sessionId = await fireIncident(page, /^Fire .*(claim|storage)/i);
  const TEXTS = new Set(['thinking', 'response', 'final_analysis']);
  const isStreaming = ({ type, status, content }: Entry) =>
    TEXTS.has(type) && status === 'streaming' && content.length > 0;
  await expect
    .poll(async () => [...(await readTimeline(demo, sessionId)).values()].some(isStreaming), {
      intervals: [50],
    })
    .toBe(true);
  let compared = 0;
  for (let times = 0; times < 5; times++) {
    const before = await readTimeline(demo, sessionId);
    await page.reload();
    await expect(page.locator('[data-row]').first()).toBeVisible();
    const shown = await readBodies(page);
    const after = await readTimeline(demo, sessionId);
    for (const [id, text] of shown) {
      const now = after.get(id);
      if (!now || !TEXTS.has(now.type)) continue;
      compared += 1;
      expect(
        bare(now.content).startsWith(bare(text)),
        `${bare(text)}\nis the beginning of\n${bare(now.content)}`,
      ).toBe(true);
      expect(bare(text).length).toBeGreaterThanOrEqual(bare(before.get(id)?.content ?? '').length);
    }
  }
  expect(compared).toBeGreaterThan(0);
  await expect(answer(page)).toBeVisible({ timeout: 60_000 });
});

/** Whether everything that follows a demo's investigation has come to its end. */
async function isQuiet(demo: DemoUnderTest, sessionId: string): Promise<boolean> {
  const session = await demo.get(`/sessions/${sessionId}`);
  if (typeof session !== 'object' || session === null || !('stages' in session)) return false;
  const { stages } = session;
  if (!Array.isArray(stages)) return false;
  return (
    stages.some(({ name }: { name: string }) => name === 'reflection') &&
    stages.every(({ completedAt }: { completedAt: string | null }) => completedAt !== null)
  );
}

test('a page that was offline for a while ends up like one that stayed', async ({
  signedIn: stayed,
  demo,
  login,
  browser,
}) => {
  const sessionId = await fireIncident(stayed, /^Fire .*pressure/i);
  const context = await browser.newContext({ storageState: login, baseURL: demo.url });
  const sockets = new Set<{ close(): void }>();
  // Cutting the network leaves an open socket of Chromium alone, so it goes through us.
  await context.routeWebSocket(/\/socket/, (socket) => {
    socket.connectToServer();
    sockets.add(socket);
  });
  const left = await context.newPage();
  await left.goto(`/p/default/sessions/${sessionId}`);
  await expect(left.locator('[data-row]').first()).toBeVisible();
  await context.setOffline(true);
  for (const socket of sockets) socket.close();
  await expect(left.getByText('Reconnecting')).toBeVisible();
  await expect(left.getByText('TARS does not answer')).toBeVisible();
  await expect(answer(stayed)).toBeVisible({ timeout: 60_000 });
  await expect(answer(left)).toHaveCount(0);

  await context.setOffline(false);
  await expect(answer(left)).toBeVisible();
  await expect(left.getByText('Reconnecting')).toHaveCount(0);
  await expect(left.getByText('TARS does not answer')).toHaveCount(0);
  // Scoring and what is learned from it follow the end; both pages are compared when nothing happens any more.
  await expect.poll(() => isQuiet(demo, sessionId), { timeout: 60_000 }).toBe(true);
  for (const page of [stayed, left]) {
    await page.bringToFront();
    await expect(page.getByRole('region', { name: 'Stage reflection' })).toContainText('Completed');
  }
  const texts = async (page: Page) => {
    await page.bringToFront();
    const above = await answer(page).textContent();
    const outline = await page.getByRole('navigation', { name: 'Outline' }).textContent();
    // To the last entry, and what is around it.
    await page.keyboard.press('k');
    await expect(page.locator('[data-row]:focus')).toBeVisible();
    return { above, outline, entries: await page.getByRole('list', { name: 'Timeline' }).textContent() };
  };
  const expected = await texts(stayed);
  expect(await texts(left)).toEqual(expected);
  await context.close();
});

test('entries of the timeline never lie upon each other, in no frame of a change of width', async ({
  signedIn: page,
  demo,
}) => {
  await page.setViewportSize(SIZES[1] ?? { width: 390, height: 844 });
  await page.goto(`/p/default/sessions/${demo.firstSessionId}`);
  await expect(page.locator('[data-row]').nth(3)).toBeAttached();
  for (const size of SIZES) {
    const frames = page.evaluate(measureOverlaps, size.width);
    await page.setViewportSize(size);
    const { count, worst } = await frames;
    expect(count).toBeGreaterThan(1);
    expect(worst, `to ${size.width}`).toBeLessThanOrEqual(1);
  }
});

/** From the first frame of a width on: by how many pixels an entry reached into the next, at worst. */
function measureOverlaps(width: number): Promise<{ count: number; worst: number }> {
  const FRAMES = 30;
  return new Promise((resolve) => {
    let count = 0;
    let worst = 0;
    const look = () => {
      if (window.innerWidth === width) {
        const boxes = [...document.querySelectorAll('ol[aria-label="Timeline"] > li')].map((entry) =>
          entry.getBoundingClientRect(),
        );
        count += 1;
        worst = Math.max(worst, ...boxes.slice(1).map(({ top }, at) => (boxes[at]?.bottom ?? top) - top));
      }
      if (count < FRAMES) requestAnimationFrame(look);
      else resolve({ count, worst });
    };
    requestAnimationFrame(look);
  });
}
