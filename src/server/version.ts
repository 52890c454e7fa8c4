import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The version in package.json. */
export const version: string = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version;

/** What runs here: the version, and of built pages which build of it. A page that was served by another one is out of date. */
export const release: string = [version, readBuildId()].filter(Boolean).join('+');

function readBuildId(): string {
  try {
    return readFileSync(new URL('../../.next/BUILD_ID', import.meta.url), 'utf8').trim();
  } catch {
    return '';
  }
}
