'use client';
import { StatusBadge } from '#src/components/run-status.tsx';
import { Duration } from '#src/components/time.tsx';
import { cn } from '#src/components/ui/cn.ts';
import type { StageView } from '../../schema.ts';

export function StageRow({ stage }: { stage: StageView }) {
  return (
    <div className="flex items-center gap-2 border-y bg-raised/60 px-3 py-1.5">
      <h3 className="min-w-0 truncate font-semibold text-xs">
        Stage {stage.index + 1} · {stage.name}
      </h3>
      {stage.type === 'investigation' || stage.type === stage.name ? null : (
        <span className="text-dim text-xs">{stage.type}</span>
      )}
      <span className="flex-1" />
      {stage.error ? (
        <span
          className={cn('min-w-0 truncate text-xs', stage.status === 'cancelled' ? 'text-dim' : 'text-bad')}
        >
          {stage.error}
        </span>
      ) : null}
      <Duration from={stage.startedAt} to={stage.completedAt} className="text-dim text-xs" />
      <StatusBadge status={stage.status} />
    </div>
  );
}
