'use client';
import { CircleHelp, CirclePause, type LucideIcon, ShieldQuestion } from 'lucide-react';
import { Names } from '#src/components/names/names.tsx';
import { type RunStatusName, StatusIcon } from '#src/components/run-status.tsx';
import { Duration } from '#src/components/time.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { ApprovalCard, Countdown } from '#src/features/approvals/components/index.ts';
import type { ApprovalData, TimelineItem } from '../../schema.ts';
import { describeArguments } from './describe-arguments.ts';
import { ItemFrame } from './item-frame.tsx';
import type { RowActions } from './row-actions.ts';

type ApprovalRowProps = { item: TimelineItem; data: ApprovalData; actions: RowActions };

/** A call that waits for a person, a question of an agent, or a pause: with the decision while it waits, with its outcome later. */
export function ApprovalRow({ item, data, actions }: ApprovalRowProps) {
  const waiting = item.status === 'waiting';
  const { icon: Icon } = looks[data.kind];
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
          <span className={cn('shrink-0 font-medium', waiting && 'text-warn')}>
            {waiting ? looks[data.kind].waiting : looks[data.kind].decided}
          </span>
          {data.kind === 'tool' ? (
            <span className="min-w-0 truncate text-xs">
              <code className="font-medium">
                {data.server}.{data.tool}
              </code>{' '}
              <span className="text-dim">
                <Names>{describeArguments(data.arguments)}</Names>
              </span>
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

const looks: Record<ApprovalData['kind'], { icon: LucideIcon; waiting: string; decided: string }> = {
  tool: { icon: ShieldQuestion, waiting: 'Needs approval', decided: 'Approval' },
  question: { icon: CircleHelp, waiting: 'Asks people', decided: 'Question' },
  pause: { icon: CirclePause, waiting: 'Paused at its limit', decided: 'Pause' },
};

/** A denied call is no failure of anything; it shows as refused. */
const statusOf = (item: TimelineItem, { kind, decision }: ApprovalData): RunStatusName =>
  (decision === 'deny' && kind !== 'pause') || item.status === 'failed' ? 'refused' : item.status;
