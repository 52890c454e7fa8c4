import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childEnv, node24, root } from './paths.mjs';
import { runStep } from './run-step.mjs';
import { digestSources, whyBuild } from './source-digest.mjs';

const stamp = join(root, '.next', 'built-from');

/** Builds the pages when there is no build or it was made from other sources. */
export async function build({ force = false } = {}) {
  const digest = digestSources(root);
  const hasBuild = existsSync(join(root, '.next', 'BUILD_ID'));
  const builtFrom = existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
  const reason = force ? 'asked for' : whyBuild({ hasBuild, builtFrom, digest });
  if (!reason) return;
  // A build that breaks off must not pass for the one before it.
  rmSync(stamp, { force: true });
  await runStep(`building the pages (${reason})`, node24, ['node_modules/next/dist/bin/next', 'build'], {
    env: childEnv({ NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }),
  });
  writeFileSync(stamp, digest);
}
