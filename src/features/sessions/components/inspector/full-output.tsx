'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { TRPCClientError } from '@trpc/client';
import { useState } from 'react';
import { useTRPCClient } from '#src/components/data/trpc.ts';
import { Button } from '#src/components/ui/button.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';
import { formatBytes } from '#src/lib/format-number.ts';
import { ApiLink } from '../api-link.tsx';
import { useSessionContext } from '../session-context.ts';
import { ResultView } from './result-view.tsx';

const SLICE_CHARS = 100_000;

type FullOutputProps = {
  view: string;
  outputUrl: string;
  bytes: number | undefined;
  /** Load it at once. */
  opened?: boolean;
};

/** A result that was too large for the conversation: first its beginning, on demand the whole, piece by piece. */
export function FullOutput({ view, outputUrl, bytes, opened = false }: FullOutputProps) {
  const { project, sessionId } = useSessionContext();
  const client = useTRPCClient();
  const [whole, setWhole] = useState(opened);
  const outputId = outputUrl.split('/').at(-1) ?? '';
  const output = useInfiniteQuery({
    queryKey: ['session-output', project, sessionId, outputId],
    queryFn: ({ pageParam }) =>
      client.sessions.output.query({
        project,
        id: sessionId,
        outputId,
        offset: pageParam,
        limit: SLICE_CHARS,
      }),
    initialPageParam: 0,
    getNextPageParam: (page) => page.nextOffset,
    enabled: whole,
    staleTime: Number.POSITIVE_INFINITY,
  });
  // It is not there any more: its message says why, and trying again would not help.
  const removed =
    output.error instanceof TRPCClientError && output.error.data?.code === 'NOT_FOUND'
      ? output.error.message
      : null;
  const text = whole && output.data ? output.data.pages.map((page) => page.text).join('') : view;
  return (
    <ResultView
      text={text}
      footer={
        <div className="flex flex-wrap items-center gap-2 text-dim text-xs">
          {whole ? (
            <span className="tabular">
              {text.length.toLocaleString('en-GB')} of{' '}
              {output.data?.pages[0]?.totalChars.toLocaleString('en-GB') ?? '…'} characters
            </span>
          ) : (
            <span>The beginning{bytes ? ` of ${formatBytes(bytes)}` : ''}.</span>
          )}
          {whole ? null : (
            <Button size="sm" onClick={() => setWhole(true)}>
              Show the whole output
            </Button>
          )}
          {removed ? <span>The rest: {removed}</span> : null}
          {whole && output.hasNextPage ? (
            <Button size="sm" disabled={output.isFetching} onClick={() => void output.fetchNextPage()}>
              {output.isFetching ? <Spinner /> : null} More
            </Button>
          ) : null}
          {output.isError && !removed ? (
            <Button size="sm" variant="danger" onClick={() => void output.refetch()}>
              Could not load it. Try again
            </Button>
          ) : null}
          <ApiLink project={project} url={outputUrl}>
            Raw
          </ApiLink>
        </div>
      }
    />
  );
}
