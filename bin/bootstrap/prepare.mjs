import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isInstalled } from './installed-packages.mjs';
import { childEnv, node24, root } from './paths.mjs';
import { runStep, StepError } from './run-step.mjs';

/** Installs packages when they are missing or not those of the lock file, checks Node 24, generates the Prisma client. */
export async function prepare() {
  const installed = readJson('node_modules/.package-lock.json');
  if (!existsSync(node24) || !isInstalled(readJson('package-lock.json'), installed)) await install();
  if (!nodeWorks()) {
    throw new StepError(
      `the Node.js that npm installed (${node24}) does not run on this machine. Delete node_modules and try again; on a ` +
        'platform without a package for it, install Node 24 yourself and run this with it.',
    );
  }
  linkCommand();
  const generated = spawnSync(node24, ['scripts/generate.mjs'], {
    cwd: root,
    env: childEnv(),
    encoding: 'utf8',
  });
  if (generated.status !== 0) {
    throw new StepError(
      `the database client could not be generated:\n${generated.stderr}${generated.stdout}`,
    );
  }
}

async function install() {
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    await runStep('installing packages (npm ci)', 'npm', args, { env: npmEnv() });
  } catch (error) {
    throw new StepError(
      `${error.message}\nCheck the network or the npm registry setting, then run the command again.`,
    );
  }
}

/** Without what `npm run` adds: a nested npm must not take our script's settings for its own. */
function npmEnv() {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_(lifecycle|package)_/.test(name));
  return Object.fromEntries(kept);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8'));
  } catch {
    return undefined;
  }
}

function nodeWorks() {
  const { status, stdout } = spawnSync(node24, ['--version'], { encoding: 'utf8' });
  return status === 0 && Number(stdout.slice(1).split('.')[0]) >= 24;
}

/** So that `npx tars …` works inside the clone, as it does where the package is installed. */
function linkCommand() {
  const link = join(root, 'node_modules', '.bin', 'tars');
  if (process.platform === 'win32' || existsSync(link)) return;
  try {
    chmodSync(join(root, 'bin', 'tars.mjs'), 0o755);
    symlinkSync('../../bin/tars.mjs', link);
  } catch {
    // A read-only tree: `node bin/tars.mjs` serves as well.
  }
}
