import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the pages are built from. */
const BUILD_INPUTS = [
  'src',
  'public',
  'package-lock.json',
  'next.config.ts',
  'postcss.config.mjs',
  'tsconfig.json',
  'tsconfig.next.json',
];

/** Whether a file can change the build: generated code and tests cannot. Paths are relative, with forward slashes. */
export const isBuildInput = (path) => !path.startsWith('src/generated/') && !/\.test\.tsx?$/.test(path);

/** Digest of names and contents of everything the pages are built from, below `directory`. */
export function digestSources(directory) {
  const hash = createHash('sha256');
  for (const path of BUILD_INPUTS.flatMap((input) => listFiles(directory, input))
    .filter(isBuildInput)
    .sort()) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(directory, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

function listFiles(directory, path) {
  const stats = statSync(join(directory, path), { throwIfNoEntry: false });
  if (!stats) return [];
  if (!stats.isDirectory()) return [path];
  return readdirSync(join(directory, path)).flatMap((name) => listFiles(directory, `${path}/${name}`));
}

/** Why the pages must be built, in words; null when the build at hand fits. */
export function whyBuild({ hasBuild, builtFrom, digest }) {
  if (!hasBuild) return 'there is no build yet';
  if (builtFrom === undefined) return 'nobody knows what the build was made from';
  return builtFrom === digest ? null : 'the sources changed';
}
