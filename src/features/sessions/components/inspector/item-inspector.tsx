'use client';
import { useState } from 'react';
import { CopyButton } from '#src/components/copy-button.tsx';
import { Names } from '#src/components/names/names.tsx';
import { StatusBadge } from '#src/components/run-status.tsx';
import { Duration, TimeAgo } from '#src/components/time.tsx';
import { Button } from '#src/components/ui/button.tsx';
import type { TimelineItem } from '../../schema.ts';
import { AnswerMarkdown } from '../answer/answer-markdown.tsx';
import { describeDetails } from './describe-details.ts';
import { Labelled, Pairs } from './labelled.tsx';

/** Any entry that is not a tool call: its text, readable or as it was written, and what else is known of it. */
export function ItemInspector({ item }: { item: TimelineItem }) {
  const [raw, setRaw] = useState(false);
  const details = describeDetails(item.data);
  // What is noted at once neither runs nor takes time; "Completed" beside an error would mislead.
  const atOnce = item.completedAt === item.startedAt && item.status === 'completed';
  return (
    <>
      {atOnce ? null : (
        <div>
          <StatusBadge status={item.status} />
        </div>
      )}
      <Pairs
        pairs={[
          [atOnce ? 'At' : 'Started', <TimeAgo key="at" at={item.startedAt} />],
          ...(atOnce
            ? []
            : [['Took', <Duration key="took" from={item.startedAt} to={item.completedAt} />] as const]),
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
              <Names>{item.content}</Names>
            </pre>
          ) : (
            <AnswerMarkdown text={item.content} streaming={item.status === 'streaming'} />
          )}
        </Labelled>
      ) : null}
      {details.length > 0 ? (
        <Labelled
          label="Details"
          actions={
            <CopyButton label="Copy the details as JSON" text={() => JSON.stringify(item.data, null, 2)} />
          }
        >
          <Pairs pairs={details} />
        </Labelled>
      ) : null}
    </>
  );
}
