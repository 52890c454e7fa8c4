'use client';
import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { CopyButton } from '#src/components/copy-button.tsx';
import { useTRPC } from '#src/components/data/trpc.ts';
import { ErrorState } from '#src/components/error-state.tsx';
import { Markdown } from '#src/components/markdown.tsx';
import { Names } from '#src/components/names/names.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Skeleton } from '#src/components/ui/skeleton.tsx';
import type { SessionView } from '../../schema.ts';
import { useSessionContext } from '../session-context.ts';
import { Labelled, Pairs } from './labelled.tsx';

/** The runbook as the agents read it (masked), where it came from, and what is not as it should be with it. */
export function RunbookInspector({ session }: { session: SessionView }) {
  const { project } = useSessionContext();
  const trpc = useTRPC();
  const found = useQuery(trpc.runbooks.ofSession.queryOptions({ project, id: session.id }));
  return (
    <>
      <Pairs
        pairs={[
          ['Source', session.runbookSource ?? 'none'],
          ...(session.runbook && session.runbook !== session.runbookSource
            ? [['Named by the alert', session.runbook] as const]
            : []),
        ]}
      />
      {session.runbookNote ? (
        <p className="flex gap-2 rounded-md bg-warn-soft p-2.5 text-xs [overflow-wrap:anywhere]">
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0 text-warn" />
          <Names>{session.runbookNote}</Names>
        </p>
      ) : null}
      {found.isPending ? <Skeleton className="h-48" /> : null}
      {found.isError ? (
        <ErrorState error={found.error} what="the runbook" onRetry={() => void found.refetch()} />
      ) : null}
      {found.data?.text ? <RunbookText text={found.data.text} /> : null}
    </>
  );
}

function RunbookText({ text }: { text: string }) {
  const [raw, setRaw] = useState(false);
  return (
    <Labelled
      label="Text"
      actions={
        <>
          <Button variant="ghost" size="sm" aria-pressed={raw} onClick={() => setRaw(!raw)}>
            {raw ? 'Readable' : 'Raw'}
          </Button>
          <CopyButton label="Copy the runbook" text={() => text} />
        </>
      }
    >
      {raw ? (
        <pre className="whitespace-pre-wrap rounded-md border bg-raised px-2.5 py-2 text-2xs [overflow-wrap:anywhere]">
          <Names>{text}</Names>
        </pre>
      ) : (
        <Markdown text={text} />
      )}
    </Labelled>
  );
}
