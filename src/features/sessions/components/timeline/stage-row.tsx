'use client';
import { type LucideIcon, Merge, MessagesSquare, NotebookPen, Star, Wrench } from 'lucide-react';
import { StatusBadge } from '#src/components/run-status.tsx';
import { Duration } from '#src/components/time.tsx';
import { Badge } from '#src/components/ui/badge.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { plainError } from '#src/lib/plain-error.ts';
import type { StageView } from '../../schema.ts';
import { describeActions, describeStage } from '../describe-stage.ts';

const marks: Partial<
  Record<StageView['type'], { icon: LucideIcon; word: string; tone: 'neutral' | 'warn' }>
> = {
  synthesis: { icon: Merge, word: 'synthesis', tone: 'neutral' },
  action: { icon: Wrench, word: 'action', tone: 'warn' },
  summary: { icon: NotebookPen, word: 'summary', tone: 'neutral' },
  chat: { icon: MessagesSquare, word: 'chat', tone: 'neutral' },
  scoring: { icon: Star, word: 'scoring', tone: 'neutral' },
};

type StageRowProps = { stage: StageView; stages: readonly StageView[] };

/** Where a stage begins: what it is, who works in it, how it stands, and why it failed or was skipped. */
export function StageRow({ stage, stages }: StageRowProps) {
  const mark = marks[stage.type];
  const about = describeStage(stage, stages);
  const actions = describeActions(stage);
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-0.5 border-y bg-raised/60 px-3 py-1.5">
      <h3 className="flex min-w-0 flex-1 items-center gap-2 font-semibold text-xs">
        <span className="min-w-0 truncate">
          {stage.followUpId ? '' : `Stage ${stage.index + 1} · `}
          {stage.name}
        </span>
        {mark ? (
          <Badge tone={mark.tone} className="shrink-0">
            <mark.icon aria-hidden="true" /> {mark.word}
          </Badge>
        ) : null}
        {about ? (
          <span className="hidden min-w-0 truncate font-normal text-dim @2xl:block">{about}</span>
        ) : null}
      </h3>
      <Duration from={stage.startedAt} to={stage.completedAt} className="text-dim text-xs" />
      <StatusBadge status={stage.skipped === null ? stage.status : 'skipped'} />
      {about ? <p className="w-full truncate text-dim text-xs @2xl:hidden">{about}</p> : null}
      {stage.skipped === null ? null : (
        <p className="w-full text-dim text-xs [overflow-wrap:anywhere]">{stage.skipped}</p>
      )}
      {actions ? <p className="w-full text-xs">{actions}</p> : null}
      {stage.error ? (
        <p
          title={stage.error}
          className={cn(
            'line-clamp-2 w-full text-xs [overflow-wrap:anywhere]',
            stage.status === 'cancelled' ? 'text-dim' : 'text-bad',
          )}
        >
          {plainError(stage.error)}
        </p>
      ) : null}
    </div>
  );
}
