import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const packageBins = join(root, 'node_modules', '.bin');

/** Node 24 as the npm package `node` brings it. */
export const node24 = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** Our environment with the installed programs first on the path, so that `node` and `npx` in children are Node 24. */
export const childEnv = (more = {}) => ({
  ...process.env,
  PATH: `${packageBins}${delimiter}${process.env.PATH ?? ''}`,
  ...more,
});
