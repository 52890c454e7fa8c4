'use client';
import { TriangleAlert } from 'lucide-react';
import { CopyButton } from '#src/components/copy-button.tsx';
import { StatusBadge } from '#src/components/run-status.tsx';
import { Duration } from '#src/components/time.tsx';
import { formatBytes, formatCount } from '#src/lib/format-number.ts';
import type { TimelineItem, ToolSummaryData } from '../../schema.ts';
import { AnswerMarkdown } from '../answer/answer-markdown.tsx';
import { FullOutput } from './full-output.tsx';
import { Labelled, Pairs } from './labelled.tsx';

/** A summary beside what it was made of. */
export function ToolSummaryInspector({ item, summary }: { item: TimelineItem; summary: ToolSummaryData }) {
  const writing = item.status === 'streaming';
  return (
    <>
      <div>
        <StatusBadge status={item.status} />
      </div>
      {summary.error ? (
        <p className="flex gap-2 rounded-md bg-warn-soft p-2 text-warn [overflow-wrap:anywhere]">
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" /> {summary.error}
        </p>
      ) : null}
      <Pairs
        pairs={[
          ['Output of', `${summary.server}.${summary.tool}`],
          ['Length', `about ${formatCount(summary.originalTokens)} tokens`],
          ['Written by', `${summary.model} (${summary.provider})`],
          ['Took', <Duration key="took" from={item.startedAt} to={item.completedAt} />],
          ['Call', <code key="call">{summary.callId}</code>],
        ]}
      />
      {item.content === '' ? null : (
        <Labelled
          label="Summary, as the agent read it"
          actions={<CopyButton label="Copy the summary" text={() => item.content} />}
        >
          <AnswerMarkdown text={item.content} streaming={writing} />
        </Labelled>
      )}
      <Labelled label={`Raw output · ${formatBytes(summary.outputBytes)}`}>
        <FullOutput view="" outputUrl={summary.outputUrl} bytes={summary.outputBytes} opened />
      </Labelled>
    </>
  );
}
