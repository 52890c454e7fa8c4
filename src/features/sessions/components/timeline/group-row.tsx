'use client';
import { ChevronRight } from 'lucide-react';
import { memo } from 'react';
import { Names } from '#src/components/names/names.tsx';
import { StatusBadge, StatusIcon } from '#src/components/run-status.tsx';
import { Duration } from '#src/components/time.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { formatQuantity } from '#src/lib/format-number.ts';
import { isTerminal } from '../../schema.ts';
import { useShownStatus } from '../session-context.ts';
import { AgentLetter } from './agent-chip.tsx';
import type { TimelineRow } from './build-rows.ts';
import { describeActivity } from './describe-activity.ts';

type Group = Extract<TimelineRow, { kind: 'group' }>;
type GroupRowProps = Pick<Group, 'execution' | 'open' | 'last' | 'entries'> & {
  letter: string;
  name: string;
  rowKey: string;
  selected: boolean;
  onSelect: (key: string) => void;
  onToggle: (executionId: string, open: boolean) => void;
};

/** A sub-agent: who, for what, how it stands; while it runs and is folded, what it does right now. */
export const GroupRow = memo(function GroupRow(props: GroupRowProps) {
  const { execution, letter, name, open, last, entries, rowKey, selected, onSelect, onToggle } = props;
  const running = !isTerminal(execution.status);
  const status = useShownStatus(execution);
  const line = running && !open ? describeActivity(last) : execution.task;
  return (
    <div
      className={cn(
        'm-1 flex min-w-0 items-start gap-1.5 rounded-md border bg-panel px-1.5 py-1',
        selected && 'border-accent bg-accent-soft/55',
      )}
    >
      <button
        type="button"
        aria-label={open ? `Fold ${name}` : `Unfold ${name}`}
        aria-expanded={open}
        onClick={() => onToggle(execution.id, !open)}
        className="mt-0.5 flex size-6 shrink-0 items-center justify-center rounded text-dim hover:bg-raised"
      >
        <ChevronRight
          aria-hidden="true"
          className={cn('size-3.5 transition-transform', open && 'rotate-90')}
        />
      </button>
      <button
        type="button"
        data-row={rowKey}
        aria-current={selected ? 'true' : undefined}
        onClick={() => onSelect(rowKey)}
        className="grid min-w-0 flex-1 gap-0.5 rounded text-left hover:bg-raised/70"
      >
        <span className="flex min-h-7 flex-wrap items-center gap-x-2">
          <AgentLetter letter={letter} />
          <span className="min-w-0 truncate font-medium">{name}</span>
          <span className="text-dim text-xs">sub-agent · {formatQuantity(entries, 'entry', 'entries')}</span>
          <span className="flex-1" />
          <Duration from={execution.startedAt} to={execution.completedAt} className="text-dim text-xs" />
          <StatusBadge status={status} className="hidden @lg:inline-flex" />
          <StatusIcon status={status} className="@lg:hidden" />
        </span>
        {line ? (
          <span className="truncate pb-0.5 text-dim text-xs">
            <Names>{line}</Names>
          </span>
        ) : null}
      </button>
    </div>
  );
});
