'use client';
import { FoldVertical } from 'lucide-react';
import { Names } from '#src/components/names/names.tsx';
import { StatusIcon } from '#src/components/run-status.tsx';
import { Duration } from '#src/components/time.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';
import { formatBytes, formatCount } from '#src/lib/format-number.ts';
import { plainError } from '#src/lib/plain-error.ts';
import type { TimelineItem, ToolSummaryData } from '../../schema.ts';
import { AnswerMarkdown } from '../answer/answer-markdown.tsx';
import { toolName } from '../read-tool-call.ts';
import { ItemFrame } from './item-frame.tsx';
import type { RowActions } from './row-actions.ts';

type Props = { item: TimelineItem; summary: ToolSummaryData; actions: RowActions };

/** What the agent read in the place of a long output: open while it is written, its first line afterwards. */
export function ToolSummaryRow({ item, summary, actions }: Props) {
  const writing = item.status === 'streaming';
  const open = writing || actions.expanded;
  return (
    <ItemFrame
      itemId={item.id}
      icon={<SummaryIcon status={item.status} />}
      title={
        <>
          <span className="shrink-0 text-dim">{writing ? 'Summarising' : 'Summary of'}</span>
          <span className="min-w-0 shrink-0 truncate font-mono text-xs">{toolName(summary)}</span>
          <span className="tabular min-w-0 truncate text-dim text-xs">
            {formatCount(summary.originalTokens)} tokens · by {summary.model}
          </span>
        </>
      }
      aside={<Duration from={item.startedAt} to={item.completedAt} />}
      selected={actions.selected}
      onSelect={actions.select}
      expanded={open}
      onToggle={writing ? undefined : actions.toggle}
    >
      {item.status === 'failed' ? (
        <p className="text-warn text-xs [overflow-wrap:anywhere]">
          {summary.error ? plainError(summary.error) : 'It was cut off.'}
        </p>
      ) : null}
      {open ? (
        <AnswerMarkdown text={item.content} streaming={writing} />
      ) : (
        <p className="truncate text-dim text-xs">
          <Names>{firstWords(item.content)}</Names>
        </p>
      )}
      {writing ? null : (
        <button
          type="button"
          onClick={actions.select}
          className="rounded text-accent text-xs hover:underline"
        >
          Raw output · {formatBytes(summary.outputBytes)}
        </button>
      )}
    </ItemFrame>
  );
}

/** Markdown's marks mean nothing in a single line. */
const firstWords = (text: string): string => text.slice(0, 300).replaceAll(/[*`#]+|^\s*[-+]\s+/gm, '');

function SummaryIcon({ status }: { status: TimelineItem['status'] }) {
  if (status === 'streaming') return <Spinner className="text-accent" />;
  if (status === 'completed') return <FoldVertical aria-hidden="true" className="size-3.5 text-dim" />;
  return <StatusIcon status={status} />;
}
