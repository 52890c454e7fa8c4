import { z } from 'zod';
import type { TimelineItem } from '../schema.ts';

/** An address that a provider's own search has found, or that its own reader has read. */
export type Source = { url: string; title: string | null; error: string | null };

const sourceSchema = z.object({
  url: z.string(),
  title: z.string().nullish().catch(null),
  error: z.string().nullish().catch(null),
});
const searchSchema = z.object({ queries: z.array(z.string()), sources: z.array(sourceSchema) });
const pagesSchema = z.object({ pages: z.array(sourceSchema) });

/** The sources of an entry about a search or about pages that were read; null for other entries. */
export function readSources({ type, data }: Pick<TimelineItem, 'type' | 'data'>): Source[] | null {
  if (type === 'search_result') return plain(searchSchema.safeParse(data).data?.sources);
  if (type === 'url_context') return plain(pagesSchema.safeParse(data).data?.pages);
  return null;
}

const plain = (sources: z.infer<typeof sourceSchema>[] | undefined): Source[] | null =>
  sources?.map(({ url, title, error }) => ({ url, title: title ?? null, error: error ?? null })) ?? null;

type Notice = { title: string; detail: string };

/** What a provider's own tool did, in a line; null for other entries. */
export function describeNative(item: Pick<TimelineItem, 'type' | 'data' | 'content'>): Notice | null {
  const failure = typeof item.data.error === 'string' ? item.data.error : null;
  const failed = failure === null ? '' : ` failed: ${failure}`;
  switch (item.type) {
    case 'search_result': {
      const count = readSources(item)?.length ?? 0;
      const found = failure ? '' : `${count} ${count === 1 ? 'source' : 'sources'}`;
      return { title: `Web search${failed}`, detail: [item.content, found].filter(Boolean).join(' · ') };
    }
    case 'url_context': {
      const pages = readSources(item) ?? [];
      const unread = pages.filter(({ error }) => error !== null).length;
      if (pages.length > 1) {
        const title = `${pages.length - unread} of ${pages.length} pages read`;
        return { title: unread > 0 ? title : `${pages.length} pages read`, detail: item.content };
      }
      const problem = pages[0]?.error ?? null;
      return { title: problem === null ? 'Page read' : `Page not read: ${problem}`, detail: item.content };
    }
    case 'code_execution':
      return { title: failure ? `Code${failed}` : 'Code executed', detail: firstLineOfCode(item.content) };
    default:
      return null;
  }
}

/** The content is the code and what it printed, each in a fence of its own. */
const firstLineOfCode = (content: string): string =>
  content.split('\n', 3).find((line) => line.trim() !== '' && !/^`{3,}/.test(line)) ?? '';
