'use client';
import { useState } from 'react';
import { CopyButton } from '#src/components/copy-button.tsx';
import { StatusBadge } from '#src/components/run-status.tsx';
import { Duration, TimeAgo } from '#src/components/time.tsx';
import { Button } from '#src/components/ui/button.tsx';
import type { TimelineItem } from '../../schema.ts';
import { AnswerMarkdown } from '../answer/answer-markdown.tsx';
import { Labelled, Pairs } from './labelled.tsx';

/** Any entry that is not a tool call: its text, readable or as it was written, and what else is known of it. */
export function ItemInspector({ item }: { item: TimelineItem }) {
  const [raw, setRaw] = useState(false);
  const hasData = Object.keys(item.data).length > 0;
  return (
    <>
      <div>
        <StatusBadge status={item.status} />
      </div>
      <Pairs
        pairs={[
          ['Started', <TimeAgo key="at" at={item.startedAt} />],
          ['Took', <Duration key="took" from={item.startedAt} to={item.completedAt} />],
        ]}
      />
      {item.content ? (
        <Labelled
          label="Text"
          actions={
            <>
              <Button variant="ghost" size="sm" aria-pressed={raw} onClick={() => setRaw(!raw)}>
                {raw ? 'Readable' : 'Raw'}
              </Button>
              <CopyButton label="Copy the text" text={() => item.content} />
            </>
          }
        >
          {raw ? (
            <pre className="whitespace-pre-wrap rounded-md border bg-raised px-2.5 py-2 text-2xs [overflow-wrap:anywhere]">
              {item.content}
            </pre>
          ) : (
            <AnswerMarkdown text={item.content} streaming={item.status === 'streaming'} />
          )}
        </Labelled>
      ) : null}
      {hasData ? (
        <Labelled label="Details">
          <pre className="whitespace-pre-wrap rounded-md border bg-raised px-2.5 py-2 text-2xs [overflow-wrap:anywhere]">
            {JSON.stringify(item.data, null, 2)}
          </pre>
        </Labelled>
      ) : null}
    </>
  );
}
