import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { listPlaceholders } from '#src/lib/identifier-placeholders.ts';
import type { TurnPicker } from '#test/llm-protocol/pick-turn.ts';
import { productTest } from './fixtures/product.ts';

/** Names that the model does not see, in the browser: read everywhere, hidden on demand, text whatever they hold. */
const test = productTest({
  chains: {
    names: {
      alertTypes: ['names'],
      stages: [{ name: 'look', agents: ['kubernetes'] }],
      executiveSummary: { enabled: false },
      chat: { enabled: true },
    },
  },
  masking: { identifiers: { enabled: true, custom: { customer: 'ACME<[^>]*>' } } },
});

const HOST = 'db-01.corp.internal';
/** A name that would be an image, if names were markup. */
const CUSTOMER = 'ACME<img src="https://evil.example/x.png">';
const OTHER = '10.44.0.9';

const placeholder = (request: Parameters<TurnPicker>[0], kind: string): string =>
  listPlaceholders(JSON.stringify(request.conversation.messages)).find((one) =>
    one.startsWith(`[${kind}_`),
  ) ?? '[none]';

const script =
  (path: string): TurnPicker =>
  (request) => {
    const host = placeholder(request, 'HOST');
    const write = { path, text: `restart ${host}`, delayMs: 0 };
    if (request.assistantTurns === 0) {
      return {
        text: `I ask ${host} and ${OTHER}.`,
        toolCalls: [
          { id: 'a', name: 'box__echo', arguments: { text: `ping ${host} from ${OTHER}` } },
          { id: 'w', name: 'box__write', arguments: write },
        ],
      };
    }
    return `${host}: unreachable for ${placeholder(request, 'CUSTOMER')}. Run \`ssh ${host}\` [tool: a]`;
  };

const inspector = (page: Page) => page.getByRole('complementary', { name: 'Inspector' });

test('people read names everywhere, and see what the model saw when they wish', async ({
  person: page,
  product,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  const path = join(mkdtempSync(join(tmpdir(), 'tars-names-')), 'written');
  const sessionId = await product.investigate('names', script(path), {
    title: `${HOST} is down`,
    labels: { instance: `${HOST}:9100` },
    data: `Host ${HOST} of ${CUSTOMER} does not answer.`,
  });
  await page.goto(product.page('/approvals'));
  const waiting = page.getByRole('article').filter({ hasText: `restart ${HOST}` });
  await expect(waiting).toBeVisible({ timeout: 60_000 });
  await expect(waiting).toContainText(`${HOST} is down`);
  await waiting.getByRole('button', { name: 'Deny' }).click();
  await expect(page.getByRole('dialog')).toContainText(`restart ${HOST}`);
  await page.getByRole('dialog').getByRole('button', { name: 'Not now' }).click();
  await waiting.getByRole('button', { name: 'Approve once' }).click();

  await page.goto(product.page(`/sessions/${sessionId}`));
  const answer = page.getByRole('article', { name: 'Final analysis' });
  await expect(answer).toContainText(`${HOST}: unreachable for ${CUSTOMER}. Run ssh ${HOST}`, {
    timeout: 60_000,
  });
  await expect(answer.locator('img, a')).toHaveCount(0);
  await expect(answer.locator('[data-placeholder]').first()).toHaveAttribute(
    'title',
    /^hidden from the model as \[HOST_\w{8}\]$/,
  );
  await expect(page).toHaveTitle(new RegExp(`${HOST} is down`));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${HOST} is down`);
  await expect(page.getByText(`I ask ${HOST} and ${OTHER}.`)).toBeVisible();
  await expect(page.locator('body')).not.toContainText('[HOST_');
  expect((await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa']).analyze()).violations).toEqual([]);

  await page.getByRole('button', { name: /box\.echo/ }).click();
  await expect(inspector(page)).toContainText(`ping ${HOST} from ${OTHER}`);
  await page.goto(`${product.page(`/sessions/${sessionId}`)}?item=alert`);
  await expect(inspector(page)).toContainText(`Host ${HOST} of ${CUSTOMER} does not answer.`);

  const names = page.getByRole('button', { name: 'Names', exact: true });
  await names.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^\[HOST_\w{8}\] is down$/);
  await expect(answer).toContainText(/\[HOST_\w{8}\]: unreachable for \[CUSTOMER_\w{8}\]/);
  await expect(page.locator('body')).not.toContainText(HOST);
  await page.getByRole('button', { name: 'As the model saw it' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${HOST} is down`);

  await page.goto(product.page('/sessions'));
  await expect(page.getByRole('link', { name: `${HOST} is down` })).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog').getByRole('option', { name: `${HOST} is down` })).toBeVisible();
  await page.goto(product.page('/usage'));
  await expect(page.getByRole('link', { name: `${HOST} is down` })).toBeVisible();
  await page.goto(product.page(`/sessions/${sessionId}/trace`));
  await expect(page.getByText(/ping \[HOST_\w{8}\]/).first()).toBeVisible();

  const sent = JSON.stringify(product.model.requests.map((request) => request.body));
  for (const real of [HOST, OTHER, 'ACME<']) expect(sent).not.toContain(real);
});

test('a new name comes with the answer that speaks of it', async ({ person: page, product }) => {
  const sessionId = await product.investigate('names', () => 'Nothing is known yet.', {
    data: 'Something hangs.',
  });
  await page.goto(product.page(`/sessions/${sessionId}`));
  await expect(page.getByRole('article', { name: 'Final analysis' })).toContainText('Nothing is known yet.', {
    timeout: 60_000,
  });
  await expect(page.getByRole('button', { name: 'Names', exact: true })).toHaveCount(0);
  product.model.setScript((request) => `I know nothing of ${placeholder(request, 'HOST')}.`);
  const field = page.getByRole('textbox', { name: 'Your question' });
  await field.fill(`What of ${HOST}?`);
  await field.press('Enter');
  await expect(page.getByText(`What of ${HOST}?`)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(`I know nothing of ${HOST}.`)).toBeVisible({ timeout: 60_000 });
});
