'use client';
import { StatusBadge } from '#src/components/run-status.tsx';
import { Duration } from '#src/components/time.tsx';
import { cn } from '#src/components/ui/cn.ts';
import type { ExecutionView } from '../../schema.ts';
import { Pairs } from './labelled.tsx';

/** One agent's run within a stage. */
export function ExecutionInspector({ execution }: { execution: ExecutionView }) {
  return (
    <>
      <div>
        <StatusBadge status={execution.status} />
      </div>
      {execution.error ? (
        <p
          className={cn(
            'rounded-md p-2 [overflow-wrap:anywhere]',
            execution.status === 'cancelled' ? 'bg-raised text-dim' : 'bg-bad-soft text-bad',
          )}
        >
          {execution.error}
        </p>
      ) : null}
      <Pairs
        pairs={[
          ['Agent', execution.agent],
          ['Provider', execution.provider],
          ['Model', execution.model],
          ['Iterations', execution.iterations],
          ['Took', <Duration key="took" from={execution.startedAt} to={execution.completedAt} />],
        ]}
      />
    </>
  );
}
