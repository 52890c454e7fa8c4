'use client';
import { CircleHelp, ShieldQuestion } from 'lucide-react';
import { type RunStatusName, StatusIcon } from '#src/components/run-status.tsx';
import { Duration } from '#src/components/time.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { ApprovalCard, Countdown } from '#src/features/approvals/components/index.ts';
import type { ApprovalData, TimelineItem } from '../../schema.ts';
import { describeArguments } from './describe-arguments.ts';
import { ItemFrame } from './item-frame.tsx';
import type { RowActions } from './row-actions.ts';

type ApprovalRowProps = { item: TimelineItem; data: ApprovalData; actions: RowActions };

/** A call that waits for a person, or a question of an agent: with the decision while it waits, with its outcome later. */
export function ApprovalRow({ item, data, actions }: ApprovalRowProps) {
  const waiting = item.status === 'waiting';
  const Icon = data.kind === 'question' ? CircleHelp : ShieldQuestion;
  return (
    <ItemFrame
      itemId={item.id}
      icon={
        waiting ? (
          <Icon aria-hidden="true" className="size-4 text-warn" />
        ) : (
          <StatusIcon status={statusOf(item, data)} />
        )
      }
      title={
        <>
          <span className={cn('shrink-0 font-medium', waiting && 'text-warn')}>{titleOf(item, data)}</span>
          {data.kind === 'tool' ? (
            <span className="min-w-0 truncate text-xs">
              <code className="font-medium">
                {data.server}.{data.tool}
              </code>{' '}
              <span className="text-dim">{describeArguments(data.arguments)}</span>
            </span>
          ) : null}
        </>
      }
      aside={
        waiting ? (
          <Countdown until={data.expiresAt} />
        ) : (
          <Duration from={item.startedAt} to={item.completedAt} />
        )
      }
      selected={actions.selected}
      onSelect={actions.select}
    >
      <ApprovalCard item={item} />
    </ItemFrame>
  );
}

function titleOf(item: TimelineItem, { kind }: ApprovalData): string {
  if (kind === 'question') return item.status === 'waiting' ? 'Asks people' : 'Question';
  return item.status === 'waiting' ? 'Needs approval' : 'Approval';
}

/** A denied call is no failure of anything; it shows as refused. */
const statusOf = (item: TimelineItem, { decision }: ApprovalData): RunStatusName =>
  decision === 'deny' || item.status === 'failed' ? 'refused' : item.status;
