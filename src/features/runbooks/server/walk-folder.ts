import { z } from 'zod';
import { isMarkdownFile } from '#src/lib/runbook-name.ts';
import type { RunbooksConfig } from '#src/server/config/index.ts';
import { fetchText } from './fetch-text.ts';
import type { GitHubFolder } from './github-location.ts';
import { planListing } from './plan-fetch.ts';
import { RunbookError } from './runbook-error.ts';
import {
  LIST_CONCURRENCY,
  LISTING_MAX_BYTES,
  LISTING_MAX_ENTRIES,
  MAX_LISTED_FOLDERS,
  MAX_LISTED_RUNBOOKS,
} from './tunables.ts';

const entriesSchema = z.array(z.object({ type: z.string(), path: z.string().max(2_000) }));
type Entries = z.infer<typeof entriesSchema>;

type WalkOptions = { configured: { folder: GitHubFolder; apiUrl: string }; signal: AbortSignal };

/**
 * The paths of all runbooks below the configured folder, from GitHub's contents API, a few folders at a time. The note says
 * when there are more than may be listed. Other files do not count; hidden folders hold no runbooks.
 * @throws RunbookError
 */
export async function walkFolder(
  config: RunbooksConfig,
  options: WalkOptions,
): Promise<{ paths: string[]; note: string | null }> {
  const files: string[] = [];
  const cut: string[] = [];
  const queue = [options.configured.folder.path];
  let folders = 0;
  while (queue.length > 0 && folders < MAX_LISTED_FOLDERS && files.length < MAX_LISTED_RUNBOOKS) {
    const next = queue.splice(0, Math.min(LIST_CONCURRENCY, MAX_LISTED_FOLDERS - folders));
    folders += next.length;
    const listings = await Promise.all(
      next.map(async (path) => ({ path, entries: await readListing(config, options, path) })),
    );
    for (const { path, entries } of listings) {
      if (entries.length >= LISTING_MAX_ENTRIES) cut.push(path);
      for (const entry of entries) {
        if (entry.type === 'file' && isMarkdownFile(entry.path)) files.push(entry.path);
        else if (entry.type === 'dir' && !isHidden(entry.path)) queue.push(entry.path);
      }
    }
  }
  return {
    paths: files.slice(0, MAX_LISTED_RUNBOOKS),
    note: describeGap({ files: files.length, folders, unread: queue.length, cut }),
  };
}

/** What the list lacks, in words; null when it is whole. */
function describeGap(walk: { files: number; folders: number; unread: number; cut: string[] }): string | null {
  const gaps = [
    ...(walk.files > MAX_LISTED_RUNBOOKS
      ? [`only the first ${MAX_LISTED_RUNBOOKS} runbooks are listed`]
      : []),
    ...(walk.unread > 0 ? [`only ${walk.folders} of its folders are listed`] : []),
    ...(walk.cut.length > 0
      ? [
          `of ${walk.cut.slice(0, 3).join(', ') || 'its root'} GitHub names ${LISTING_MAX_ENTRIES} entries only`,
        ]
      : []),
  ];
  return gaps.length === 0 ? null : `The folder is too large: ${gaps.join('; ')}.`;
}

const isHidden = (path: string): boolean => path.split('/').at(-1)?.startsWith('.') ?? false;

async function readListing(
  config: RunbooksConfig,
  { configured, signal }: WalkOptions,
  path: string,
): Promise<Entries> {
  const plan = planListing(config, configured, path);
  const { allowedDomains } = config;
  const fetched = await fetchText({ plan, allowedDomains, maxBytes: LISTING_MAX_BYTES, etag: null, signal });
  const parsed = entriesSchema.safeParse(fetched === 'unchanged' ? [] : parseJson(fetched.text));
  if (parsed.success) return parsed.data;
  throw new RunbookError(`${plan.url.split('?', 1)[0]} did not answer with the entries of a folder`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
