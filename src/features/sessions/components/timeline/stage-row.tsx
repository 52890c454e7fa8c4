'use client';
import { StatusBadge } from '#src/components/run-status.tsx';
import { Duration } from '#src/components/time.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { plainError } from '#src/lib/plain-error.ts';
import type { StageView } from '../../schema.ts';

export function StageRow({ stage }: { stage: StageView }) {
  return (
    <div className="flex flex-wrap items-center gap-x-2 border-y bg-raised/60 px-3 py-1.5">
      <h3 className="min-w-0 flex-1 truncate font-semibold text-xs">
        Stage {stage.index + 1} · {stage.name}
        {stage.type === 'investigation' || stage.type === stage.name ? null : (
          <span className="font-normal text-dim"> · {stage.type}</span>
        )}
      </h3>
      <Duration from={stage.startedAt} to={stage.completedAt} className="text-dim text-xs" />
      <StatusBadge status={stage.status} />
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
