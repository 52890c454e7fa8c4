import type { Kernel } from '#src/server/kernel.ts';
import { release } from '#src/server/version.ts';
import type { Notices } from '../schema.ts';
import { readWarnings } from './read-warnings.ts';

/** What is shown above every page. */
export const readNotices = async (kernel: Kernel): Promise<Notices> => ({
  release,
  warnings: await readWarnings(kernel),
});
