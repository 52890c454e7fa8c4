import { z } from 'zod';
import { AppError, errorMessage } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { RunbookEntry } from '../schema.ts';
import { cacheKey } from './cache-document.ts';
import { fileAddress } from './github-location.ts';
import { listLocalRunbooks } from './local-runbooks.ts';
import { configuredFolder } from './plan-fetch.ts';
import { readThroughCache } from './read-through-cache.ts';
import { RunbookError } from './runbook-error.ts';
import { walkFolder } from './walk-folder.ts';

const cachedListSchema = z.object({ paths: z.array(z.string()), note: z.string().nullable() });

/**
 * Every runbook that an alert can be given: the Markdown files of the configured GitHub folder and of the installation's
 * own, by path. Empty when neither exists. Throws `unavailable` when the folder cannot be read and never has been.
 */
export async function listRunbooks(
  kernel: Kernel,
  options: { signal: AbortSignal },
): Promise<{ entries: RunbookEntry[]; note: string | null }> {
  const files = (await listLocalRunbooks(kernel.env)).map(
    (path): RunbookEntry => ({ name: nameOf(path), path, url: path, source: 'files' }),
  );
  const { entries, note } = await listRepository(kernel, options.signal);
  return { entries: [...entries, ...files], note };
}

async function listRepository(
  kernel: Kernel,
  signal: AbortSignal,
): Promise<{ entries: RunbookEntry[]; note: string | null }> {
  const config = kernel.config.current().runbooks;
  const configured = configuredFolder(config);
  if (configured === null) return { entries: [], note: null };
  const { folder, apiUrl } = configured;
  try {
    const { content, note } = await readThroughCache(kernel, {
      key: cacheKey('list', config.repository ?? '', { apiUrl }),
      async fetch() {
        const { paths, note: gap } = await walkFolder(config, { configured, signal });
        return { content: JSON.stringify({ paths: paths.sort(), note: gap }), etag: null };
      },
    });
    const list = cachedListSchema.parse(JSON.parse(content));
    const entries = list.paths.map(
      (path): RunbookEntry => ({
        name: nameOf(path),
        path: path.slice(folder.path === '' ? 0 : folder.path.length + 1),
        url: fileAddress(folder, path),
        source: 'repository',
      }),
    );
    return { entries, note: note ?? list.note };
  } catch (error) {
    if (!(error instanceof RunbookError) && !signal.aborted) throw error;
    kernel.log.warn({ problem: errorMessage(error) }, 'runbooks not listed');
    throw new AppError('unavailable', 'The repository of runbooks cannot be read now; see the log for why.', {
      cause: error,
    });
  }
}

const nameOf = (path: string): string => (path.split('/').at(-1) ?? path).replace(/\.[a-z]+$/i, '');
