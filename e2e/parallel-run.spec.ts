import { expect, type Page } from '@playwright/test';
import { expectAccessibleEverywhere } from './fixtures/accessible.ts';
import { type Product, productTest } from './fixtures/product.ts';

/** A run of many agents, read in the real product. */
const agent = (name: string, more: Record<string, unknown> = {}) => [
  name,
  { instructions: `You are called ${name}.`, description: `Looks at ${name}.`, ...more },
];
const test = productTest({
  agents: Object.fromEntries([
    agent('network'),
    agent('storage'),
    agent('deploys'),
    agent('logs'),
    agent('metrics'),
    agent('lead', { subAgents: ['logs', 'metrics'] }),
  ]),
  chains: {
    wide: {
      alertTypes: ['wide'],
      stages: [
        { name: 'gather', agents: ['network', 'storage', 'deploys'], successPolicy: 'any' },
        { name: 'dig', agents: ['lead'] },
      ],
      executiveSummary: { enabled: false },
    },
  },
});

const echo = (id: string, text: string) => ({ id, name: 'box__echo', arguments: { text } });
const dispatch = (id: string, name: string) => ({
  id,
  name: 'tars__dispatch_agent',
  arguments: { name, task: `Read the ${name} of checkout.` },
});

/** Each agent is known by its instructions; what it has said so far says what comes next. */
const script: Parameters<Product['investigate']>[1] = ({ conversation, assistantTurns, lastText }) => {
  const is = (name: string) => conversation.system.includes(`You are called ${name}.`);
  for (const name of ['network', 'deploys', 'logs', 'metrics']) {
    if (!is(name)) continue;
    if (assistantTurns === 0)
      return { thinking: `Where is ${name}?`, toolCalls: [echo(`${name}-1`, `the ${name} echo`)] };
    // Two of them are held until they have been seen at work.
    const gate = { network: 'network', metrics: 'metrics' }[name];
    return { ...(gate ? { startGate: gate } : {}), text: `The ${name} is fine.` };
  }
  if (is('storage')) return { httpError: { status: 400, message: 'the model of storage refuses' } };
  if (is('lead')) {
    if (assistantTurns === 0) return { toolCalls: [dispatch('d1', 'logs'), dispatch('d2', 'metrics')] };
    const heard = JSON.stringify(conversation.messages);
    const both = heard.includes('The logs is fine.') && heard.includes('The metrics is fine.');
    return both ? '## Summary\nAll parts are fine.' : `I wait for the others. ${lastText.length}`;
  }
  return 'Together: network and deploys are fine.';
};

const strip = (page: Page) => page.getByRole('group', { name: 'Agents of gather' });
const timeline = (page: Page) => page.getByRole('list', { name: 'Timeline' });
const outline = (page: Page) => page.getByRole('navigation', { name: 'Outline' });

test('parallel agents, synthesis and sub-agents are told apart, one by one and together', async ({
  person: page,
  product,
}) => {
  const sessionId = await product.investigate('wide', script);
  await page.goto(product.page(`/sessions/${sessionId}`));

  await test.step('while it runs, each agent shows how it stands, and a folded sub-agent what it does', async () => {
    await expect(strip(page).getByRole('button', { name: /deploys.*Completed/ })).toBeVisible({
      timeout: 60_000,
    });
    await expect(strip(page).getByRole('button', { name: /storage.*Failed/ })).toBeVisible();
    await expect(strip(page).getByRole('button', { name: /network.*Running/ })).toBeVisible();
    const trace = await page.context().newPage();
    await trace.goto(product.page(`/sessions/${sessionId}/trace`));
    const agentOf = (stage: string, name: RegExp) =>
      trace.getByRole('region', { name: `Stage ${stage}`, exact: true }).getByRole('heading', { name });
    await expect(agentOf('gather', /network.*2 calls.*Running/)).toBeVisible();
    product.model.release('network');
    // The trace goes on by itself: what has ended, and the calls that follow.
    await expect(agentOf('gather', /network.*3 calls.*Completed/)).toBeVisible();
    await expect(agentOf('dig', /lead.*Running/)).toBeVisible();
    await trace.close();
    const metrics = page
      .getByRole('listitem')
      .filter({ hasText: 'sub-agent' })
      .filter({ hasText: 'metrics' });
    await expect(metrics).toContainText('Running', { timeout: 60_000 });
    await expect(metrics).toContainText('the metrics echo');
    product.model.release('metrics');
  });

  await expect(page.getByRole('article', { name: 'Final analysis' })).toContainText('All parts are fine.', {
    timeout: 90_000,
  });

  await test.step('the outline is the tree, with states in words', async () => {
    for (const name of ['network', 'storage', 'deploys', 'lead', 'logs', 'metrics']) {
      await expect(
        outline(page).getByRole('button', { name: new RegExp(`\\b${name}\\b.*(Completed|Failed)`) }),
      ).toBeVisible();
    }
    await expect(outline(page).getByRole('button', { name: /storage.*Failed/ })).toBeVisible();
    await expect(outline(page)).toContainText('combines the answers of gather');
  });

  await test.step('by keyboard the outline is one stop, and the arrows go from entry to entry', async () => {
    const focused = page.locator(':focus');
    await outline(page).getByRole('button', { name: 'Alert' }).focus();
    await page.keyboard.press('ArrowDown');
    await expect(focused).toContainText('gather');
    await page.keyboard.press('ArrowDown');
    await expect(focused).toContainText('network');
    await page.keyboard.press('Shift+Tab');
    await expect(outline(page).locator(':focus')).toHaveCount(0);
    await page.keyboard.press('Tab');
    await expect(focused).toContainText('network');
    await page.keyboard.press('End');
    await expect(focused).toContainText('Final analysis');
    await page.keyboard.press('Home');
    await expect(focused).toContainText('Alert');
    await expect(outline(page).locator('button:not([tabindex="-1"])')).toHaveCount(1);
  });

  await test.step('one agent is read alone, by an address', async () => {
    await expect(strip(page)).toBeVisible();
    await expect(timeline(page)).toContainText('the network echo');
    await strip(page)
      .getByRole('button', { name: /deploys/ })
      .click();
    await expect(page).toHaveURL(/[?&]agent=/);
    await expect(timeline(page)).not.toContainText('the network echo');
    await expect(timeline(page)).toContainText('the deploys echo');
    await page.reload();
    await expect(timeline(page)).toContainText('the deploys echo');
    await expect(timeline(page)).not.toContainText('the network echo');
    await strip(page).getByRole('button', { name: /All/ }).click();
    await expect(page).not.toHaveURL(/[?&]agent=/);
    await expect(timeline(page)).toContainText('the network echo');
  });

  await test.step('a sub-agent is a group that unfolds, also for a match of the search', async () => {
    await outline(page)
      .getByRole('button', { name: /\blogs\b/ })
      .click();
    await expect(page.getByRole('complementary', { name: 'Inspector' })).toContainText(
      'Read the logs of checkout.',
    );
    await expect(timeline(page)).not.toContainText('the logs echo');
    await page.getByRole('button', { name: 'Unfold logs' }).click();
    await expect(timeline(page)).toContainText('the logs echo');
    await page.getByRole('button', { name: 'Fold logs', exact: true }).click();
    await expect(timeline(page)).not.toContainText('the logs echo');
    await page.getByLabel('Search in this session').fill('the metrics echo');
    await page.keyboard.press('Enter');
    await expect(timeline(page)).toContainText('the metrics echo');
    await expect(page.getByRole('button', { name: 'Fold metrics', exact: true })).toBeVisible();
    // The address of the entry opens its group for whoever gets it.
    await page.reload();
    await expect(timeline(page)).toContainText('the metrics echo');
  });

  await test.step('the trace has the calls under stage and agent', async () => {
    await page.goto(product.page(`/sessions/${sessionId}/trace`));
    const gather = page.getByRole('region', { name: 'Stage gather', exact: true });
    await expect(gather.getByRole('heading', { name: /network/ })).toBeVisible();
    await expect(
      page.getByRole('region', { name: 'Stage dig' }).getByRole('heading', { name: /logs/ }),
    ).toBeVisible();
  });
});

test('such a session follows WCAG 2.1 AA and fits a phone', async ({ person: page, product }) => {
  const sessionId = await product.investigate('wide', script);
  await page.goto(product.page(`/sessions/${sessionId}`));
  await expect(page.getByRole('article', { name: 'Final analysis' })).toBeVisible({ timeout: 90_000 });
  for (const path of ['', '/trace']) {
    await page.goto(product.page(`/sessions/${sessionId}${path}`));
    await expect(page.getByText(/Stage 1 · gather/)).toBeVisible();
    await expectAccessibleEverywhere(page);
  }
});
