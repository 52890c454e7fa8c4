import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { childEnv, node24 } from './paths.mjs';
import { runStep, say } from './run-step.mjs';

/** Where Debian puts it; playwright.config.ts looks there too. */
const SYSTEM_CHROMIUM = '/usr/bin/chromium';

/** Makes a Chromium available for the browser tests: Debian's through apt as root, else Playwright's own. */
export async function installChromium() {
  if (existsSync(SYSTEM_CHROMIUM)) return;
  if (process.getuid?.() === 0 && works('apt-get', ['--version'])) {
    try {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      await runStep('reading the package lists (apt)', 'apt-get', ['update', '-q'], { env });
      const args = ['install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-liberation'];
      await runStep('installing Chromium (apt)', 'apt-get', args, { env });
      if (existsSync(SYSTEM_CHROMIUM)) return;
    } catch (error) {
      say(`${error.message}\nTrying Playwright's own Chromium instead.`);
    }
  }
  const playwright = 'node_modules/@playwright/test/cli.js';
  await runStep('installing Chromium (Playwright)', node24, [playwright, 'install', 'chromium'], {
    env: childEnv(),
  });
}

const works = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
