'use client';
import { CopyButton } from '#src/components/copy-button.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { plainError } from '#src/lib/plain-error.ts';
import type { TimelineItem } from '../../schema.ts';
import type { Source } from '../read-native.ts';
import { Labelled, Pairs } from './labelled.tsx';

/** What a provider's own search found or its own reader read. Addresses are text: they come from the open web. */
export function SourcesInspector({ item, sources }: { item: TimelineItem; sources: readonly Source[] }) {
  const error = typeof item.data.error === 'string' ? plainError(item.data.error) : null;
  return (
    <>
      <Pairs
        pairs={[
          ['At', <TimeAgo key="at" at={item.startedAt} />],
          ...(item.type === 'search_result' ? [['Asked for', item.content] as const] : []),
          ...(error ? [['Failed', error] as const] : []),
        ]}
      />
      {sources.length > 0 ? (
        <Labelled
          label={item.type === 'search_result' ? 'Sources' : 'Pages'}
          actions={
            <CopyButton label="Copy the addresses" text={() => sources.map(({ url }) => url).join('\n')} />
          }
        >
          <ol className="grid grid-cols-[minmax(0,1fr)] gap-1.5 text-xs">
            {sources.map(({ url, title, error: problem }) => (
              <li key={url} className="rounded-md border bg-raised px-2.5 py-1.5 [overflow-wrap:anywhere]">
                {title ? <p className="font-medium">{title}</p> : null}
                <p className="font-mono text-2xs text-dim">{url}</p>
                {problem ? <p className="text-warn">Not read: {problem}</p> : null}
              </li>
            ))}
          </ol>
        </Labelled>
      ) : (
        <p className="text-dim">No sources were given.</p>
      )}
    </>
  );
}
