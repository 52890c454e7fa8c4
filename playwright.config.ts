import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** Debian's Chromium where it is installed; elsewhere the one that Playwright brings along. */
const systemChromium = '/usr/bin/chromium';

/** The whole product in a real browser, against the real demo (see e2e/fixtures/demo.ts). */
export default defineConfig({
  testDir: 'e2e',
  globalSetup: './test/temporary-directory.ts',
  outputDir: 'test-results/e2e',
  // One demo serves all tests of a worker; two cores have enough to do with one.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  // What only passes the second time is reported as flaky; it does not stop a landing.
  retries: process.env.CI ? 1 : 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      args: ['--no-sandbox', '--disable-gpu'],
      ...(existsSync(systemChromium) ? { executablePath: systemChromium } : {}),
    },
  },
});
