'use client';
import { CopyButton } from '#src/components/copy-button.tsx';
import { StatusBadge } from '#src/components/run-status.tsx';
import { Duration } from '#src/components/time.tsx';
import { cn } from '#src/components/ui/cn.ts';
import type { ExecutionView, StageView } from '../../schema.ts';
import { AnswerMarkdown } from '../answer/answer-markdown.tsx';
import { CancelAgent } from '../cancel-agent.tsx';
import { useShownStatus } from '../session-context.ts';
import { Labelled, Pairs } from './labelled.tsx';

type ExecutionInspectorProps = { execution: ExecutionView; stage: StageView };

/** One agent's run within a stage; of a sub-agent also what it was asked, and by whom. */
export function ExecutionInspector({ execution, stage }: ExecutionInspectorProps) {
  const status = useShownStatus(execution);
  const parent = stage.executions.find(({ id }) => id === execution.parentExecutionId);
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <StatusBadge status={status} />
        <CancelAgent execution={execution} stageType={stage.type} />
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
          ...(parent ? [['Dispatched by', parent.agent] as const] : []),
          ['Provider', execution.provider],
          ['Model', execution.model],
          ...(execution.originalProvider === null
            ? []
            : [['Started with', `${execution.originalProvider} · ${execution.originalModel}`] as const]),
          ['Iterations', execution.iterations],
          ['Took', <Duration key="took" from={execution.startedAt} to={execution.completedAt} />],
        ]}
      />
      {execution.task ? (
        <Labelled
          label="Task"
          actions={<CopyButton label="Copy the task" text={() => execution.task ?? ''} />}
        >
          <AnswerMarkdown text={execution.task} />
        </Labelled>
      ) : null}
    </>
  );
}
