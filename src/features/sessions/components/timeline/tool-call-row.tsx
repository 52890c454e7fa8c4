'use client';
import { Names } from '#src/components/names/names.tsx';
import { type RunStatusName, StatusIcon } from '#src/components/run-status.tsx';
import { Duration } from '#src/components/time.tsx';
import { Badge } from '#src/components/ui/badge.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { DecisionLine } from '#src/features/approvals/components/index.ts';
import { formatDuration } from '#src/lib/format-duration.ts';
import type { TimelineItem, ToolCallData } from '../../schema.ts';
import { ToolImages } from '../images/tool-images.tsx';
import { toolName } from '../read-tool-call.ts';
import { useSessionContext } from '../session-context.ts';
import { describeArguments } from './describe-arguments.ts';
import { ItemFrame } from './item-frame.tsx';
import { RunningOutput } from './live-output.tsx';
import { previewResult } from './preview-result.ts';
import type { RowActions } from './row-actions.ts';

const PREVIEW_LINES = 24;
const PREVIEW_CHARS = 4_000;

export const toolCallStatus = (item: TimelineItem, call: ToolCallData): RunStatusName =>
  call.refused ? 'refused' : item.status;

/** Why it was not run. Who said no, and why, stands in the decision; the words of the refusal are for the agent. */
export const refusalOf = (call: ToolCallData, decision: TimelineItem | null): string | undefined =>
  decision && decision.data.decision !== 'approve' ? undefined : call.refused;

/** One tool call: what was asked in a line, how it went, how long; unfolded, the beginning of what came back. */
export function ToolCallRow({
  item,
  call,
  decision,
  actions,
}: {
  item: TimelineItem;
  call: ToolCallData;
  decision: TimelineItem | null;
  actions: RowActions;
}) {
  const { project } = useSessionContext();
  const status = toolCallStatus(item, call);
  const problem = refusalOf(call, decision) ?? call.error;
  // A call that was cut off is no fault of the tool; it is made again, or the run was cancelled.
  const tone = call.refused ? 'text-warn' : item.status === 'cancelled' ? 'text-dim' : 'text-bad';
  const running = item.status === 'streaming' || item.status === 'waiting';
  return (
    <ItemFrame
      itemId={item.id}
      icon={<StatusIcon status={status} />}
      title={
        <>
          <span className="min-w-0 max-w-full shrink-0 truncate font-medium font-mono text-xs">
            <span className="hidden text-dim sm:inline">{call.server ? `${call.server}.` : ''}</span>
            {call.tool}
          </span>
          {call.cluster ? (
            <Badge tone="outline" className="max-w-40 shrink-0 truncate">
              {call.cluster}
            </Badge>
          ) : null}
          {call.actsFor ? (
            <Badge tone="outline" className="max-w-40 shrink-0 truncate" title="With whose rights">
              as {call.actsFor}
            </Badge>
          ) : null}
          <span className="min-w-0 truncate text-dim text-xs">
            <Names>{describeArguments(call.arguments)}</Names>
          </span>
        </>
      }
      aside={
        call.refused ? null : call.durationMs !== undefined ? (
          formatDuration(call.durationMs)
        ) : (
          <Duration from={item.startedAt} to={item.completedAt} />
        )
      }
      selected={actions.selected}
      onSelect={actions.select}
      expanded={actions.expanded}
      onToggle={call.result ? actions.toggle : undefined}
    >
      {decision ? <DecisionLine item={decision} /> : null}
      {running ? <RunningOutput call={call} text={item.content} /> : null}
      {problem ? (
        <p className={cn('line-clamp-3 text-xs [overflow-wrap:anywhere]', tone)}>
          <Names>{problem}</Names>
        </p>
      ) : null}
      {!problem && call.result ? <ResultPreview text={call.result} expanded={actions.expanded} /> : null}
      <ToolImages project={project} tool={toolName(call)} images={call.images} size="small" />
    </ItemFrame>
  );
}

function ResultPreview({ text, expanded }: { text: string; expanded: boolean }) {
  if (!expanded)
    return (
      <p className="truncate font-mono text-2xs text-dim">
        <Names>{previewResult(text)}</Names>
      </p>
    );
  const lines = text.slice(0, PREVIEW_CHARS).split('\n');
  const cut = lines.length > PREVIEW_LINES || text.length > PREVIEW_CHARS;
  return (
    <pre className="thin-scroll overflow-x-auto rounded-md border bg-raised px-2.5 py-1.5 text-2xs leading-relaxed">
      <Names>{lines.slice(0, PREVIEW_LINES).join('\n')}</Names>
      {cut ? '\n… the rest is in the inspector' : ''}
    </pre>
  );
}
