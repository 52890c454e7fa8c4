import type { Kernel } from '#src/server/kernel.ts';
import { type CachedDocument, readCached, touchCached, writeCached } from './cache-document.ts';
import { RunbookError } from './runbook-error.ts';
import { REFRESH_PAUSE_MS } from './tunables.ts';

/** What was read, and a note when it is not what the source says now. */
export type ReadDocument = { content: string; note: string | null };

/**
 * The copy while it is fresh, else what `fetch` gives (null: the copy is still current). A source that cannot be read
 * leaves the old copy in use, with a note, and is left alone for a while: of many sessions that start while it hangs, one waits
 * for it. Without a copy the failure is thrown.
 */
export async function readThroughCache(
  kernel: Kernel,
  options: {
    key: string;
    fetch(etag: string | null): Promise<{ content: string; etag: string | null } | null>;
  },
): Promise<ReadDocument> {
  const { key, fetch } = options;
  const { pool } = kernel.database;
  const copy = await readCached(pool, key);
  if (copy && copy.ageMs < kernel.config.current().runbooks.cacheTtl)
    return { content: copy.content, note: null };
  const failure = copy && (await readCached(pool, failureKey(key)));
  if (copy && failure && failure.ageMs < REFRESH_PAUSE_MS)
    return { content: copy.content, note: staleNote(failure.content, copy) };
  try {
    const fetched = await fetch(copy?.etag ?? null);
    if (fetched) await writeCached(pool, { key, ...fetched });
    else await touchCached(pool, key);
    return { content: fetched?.content ?? copy?.content ?? '', note: null };
  } catch (error) {
    if (!(error instanceof RunbookError) || !copy) throw error;
    kernel.log.warn({ problem: error.message }, 'runbook not refreshed; the copy stays in use');
    await writeCached(pool, { key: failureKey(key), content: error.message, etag: null });
    return { content: copy.content, note: staleNote(error.message, copy) };
  }
}

/** Why a document could not be refreshed the last time is kept beside its copy. */
const failureKey = (key: string): string => `failure:${key}`;

const staleNote = (problem: string, copy: CachedDocument): string =>
  `This is the copy of ${copy.fetchedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC, because ${problem}.`;
