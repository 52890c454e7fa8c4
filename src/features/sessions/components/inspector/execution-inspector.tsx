'use client';
import { StatusBadge } from '#src/components/run-status.tsx';
import { Duration } from '#src/components/time.tsx';
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
        <p className="rounded-md bg-bad-soft p-2 text-bad [overflow-wrap:anywhere]">{execution.error}</p>
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
