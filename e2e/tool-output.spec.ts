import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { productTest } from './fixtures/product.ts';

/** What tools say and what it costs, in the real product: a scripted model, a real MCP server that streams. */
const test = productTest({
  chains: {
    look: {
      alertTypes: ['look'],
      stages: [{ name: 'look', agents: ['kubernetes'] }],
      executiveSummary: { enabled: false },
    },
  },
  boxSettings: { timeout: '90s', images: 'models', summarization: { thresholdTokens: 500, maxTokens: 200 } },
  providerSettings: { images: true, pricePerMillion: { input: 100, output: 100 } },
});

const call = (tool: string, args: Record<string, unknown>) => ({
  toolCalls: [{ id: 'c', name: `box__${tool}`, arguments: args }],
});
const inspector = (page: Page) => page.getByRole('complementary', { name: 'Inspector' });

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
}

test('a running tool is seen at work, also after a reload, and what it said is kept', async ({
  person: page,
  product,
}) => {
  const sessionId = await product.investigate('look', [
    call('talk', { lines: 9, ms: 88_000 }),
    'Never said.',
  ]);
  await page.goto(product.page(`/sessions/${sessionId}`));
  const seen = async () => {
    await expect(page.getByRole('progressbar', { name: 'Progress of talk' })).toBeVisible({
      timeout: 60_000,
    });
    await expect(page.getByText('9 of 9')).toBeVisible();
    await expect(page.getByText('scanned shard 9', { exact: true }).first()).toBeVisible();
    await expect(page.getByText('shard 8 has password=[MASKED_PASSWORD] in it')).toBeVisible();
  };
  await seen();
  await page.reload();
  await seen();

  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel investigation' }).click();
  await expect(page.getByText('Cancelled').first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await page.getByRole('button', { name: /box\.talk/ }).click();
  await inspector(page).getByRole('button', { name: 'Show' }).click();
  await expect(inspector(page)).toContainText('scanned shard 1');
  await expectAccessible(page);
});

test('a long result is summarised in view, with the raw output one click away', async ({
  person: page,
  product,
}) => {
  const sessionId = await product.investigate('look', {
    rules: [
      {
        when: { systemContains: 'You shorten the output of a tool' },
        turn: {
          steps: [
            { type: 'text', text: 'Nothing but padding ' },
            { type: 'block', gate: 'rest' },
            { type: 'text', text: 'in **eighty** lines.' },
          ],
        },
      },
    ],
    turns: [call('big', { bytes: 8_000 }), 'Padding [tool: c].'],
  });
  await page.goto(product.page(`/sessions/${sessionId}`));
  await expect(page.getByText('Summarising')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/^Nothing but padding/)).toBeVisible();
  product.model.release('rest');

  await expect(page.getByText('Summary of')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: /Raw output · 8 kB/ }).click();
  await expect(inspector(page)).toContainText('Nothing but padding in eighty lines.');
  await expect(inspector(page).getByText('line 42', { exact: false })).toBeVisible();
  await expectAccessible(page);
  // A link cannot send a header: its address says which project it is about.
  const raw = await inspector(page).getByRole('link', { name: 'Raw' }).getAttribute('href');
  expect(raw).toMatch(/\?project=\w/);
  const answer = await page.request.get(new URL(raw ?? '', page.url()).href);
  expect(await answer.text()).toContain('line 42');
});

test('the usage page adds it up, and keeps range, order and view in its address', async ({
  person: page,
  product,
}) => {
  const sessionId = await product.investigate('look', ['Nothing to see.']);
  await expect
    .poll(async () => (await product.get(`/sessions/${sessionId}`)).status, { timeout: 60_000 })
    .toBe('completed');
  const report = await product.get('/usage');
  expect(report.totals).toMatchObject({ unpricedCalls: 0 });

  await page.goto(product.page('/sessions'));
  await page.getByRole('link', { name: 'Usage' }).click();
  await expect(page.getByRole('heading', { name: 'Cost by day' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('application').first()).toBeVisible();
  await page.getByRole('button', { name: 'Tokens' }).click();
  await page.getByRole('button', { name: 'Show as table' }).click();
  await page.getByLabel('Days').selectOption('7d');
  await expect(page).toHaveURL(/by=tokens/);
  await expect(page).toHaveURL(/view=table/);
  await expect(page).toHaveURL(/range=7d/);
  await expect(page.getByRole('region', { name: 'By day' }).getByRole('row')).toHaveCount(8);
  await page.reload();
  await expect(page.getByRole('region', { name: 'By day' }).getByRole('row')).toHaveCount(8);
  await expectAccessible(page);

  await page.goto(product.page('/usage?from=2025-01-01&to=2025-01-03'));
  await expect(page.getByText('No model calls in these days')).toBeVisible();
  await page.goto(product.page('/usage?from=2026-01-03&to=2026-01-01'));
  await expect(page.getByText(/ends \(2026-01-01\) before it begins/)).toBeVisible();

  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(product.page('/usage'));
  await page.getByRole('link', { name: 'Alert of look' }).first().click();
  await expect(page).toHaveURL(/\/sessions\//);
});

test('images of a result stand on its call, open in full, and went to the model', async ({
  person: page,
  product,
}) => {
  const sessionId = await product.investigate('look', [
    call('image', { pictures: 'chart', count: 3 }),
    'The line breaks off at the end [tool: c].',
  ]);
  await page.goto(product.page(`/sessions/${sessionId}`));
  await expect(page.getByText('The line breaks off at the end').first()).toBeVisible({ timeout: 60_000 });
  const second = page.getByRole('button', { name: 'Image 2 of box.image, open in full size' });
  await second.scrollIntoViewIfNeeded();
  await expect(second).toBeVisible();
  const isDrawn = (name: string) =>
    expect
      .poll(() =>
        page
          .getByRole('img', { name, exact: true })
          .last()
          .evaluate((img: HTMLImageElement) => img.naturalWidth),
      )
      .toBe(640);
  await isDrawn('Image 2 of box.image');
  await second.press('Enter');
  const viewer = page.getByRole('dialog', { name: 'Image 2 of box.image' });
  await expect(viewer.getByText('PNG · 640×240')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('dialog', { name: 'Image 3 of box.image' })).toBeVisible();
  await isDrawn('Image 3 of box.image');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(second).toBeFocused();

  await page.locator('[data-row]').filter({ hasText: 'box.image' }).click();
  await expect(inspector(page).getByText('3 images')).toBeVisible();
  await expectAccessible(page);
  await page.goto(product.page(`/sessions/${sessionId}/trace`));
  await page
    .getByRole('button', { name: /iteration/i })
    .last()
    .click();
  await expect(page.getByText(/Sent · \d+ messages, 3 images/)).toBeVisible();

  // Retention takes images before the timeline: what is left says so.
  await product.database.query('delete from tool_image');
  // A routed page has no cache.
  await page.route('**/images/**', (route) => route.continue());
  await page.goto(product.page(`/sessions/${sessionId}`));
  await expect(page.getByText('not there any more').first()).toBeVisible();
});
