'use client';
import { BellRing, FileCheck2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { StatusIcon } from '#src/components/run-status.tsx';
import { Duration } from '#src/components/time.tsx';
import { cn } from '#src/components/ui/cn.ts';
import type { SessionView } from '../schema.ts';
import { agentLabel } from './timeline/build-rows.ts';

type OutlineProps = {
  session: SessionView;
  selected: string | null;
  onAlert: () => void;
  onAnswer: () => void;
  onStage: (stageId: string) => void;
  onExecution: (executionId: string) => void;
};

/** The run at a glance: alert, stages and who works in them, the answer. */
export function Outline({ session, selected, onAlert, onAnswer, onStage, onExecution }: OutlineProps) {
  const missing = Math.max(0, session.plannedStages - session.stages.length);
  return (
    <nav aria-label="Outline" className="thin-scroll grid content-start gap-0.5 overflow-y-auto p-2">
      <Entry
        icon={<BellRing className="size-3.5 text-dim" aria-hidden="true" />}
        onClick={onAlert}
        current={selected === 'alert'}
      >
        Alert
      </Entry>
      {session.stages.map((stage) => (
        <div key={stage.id} className="grid gap-0.5">
          <Entry
            icon={<StatusIcon status={stage.status} />}
            aside={<Duration from={stage.startedAt} to={stage.completedAt} />}
            onClick={() => onStage(stage.id)}
            strong
          >
            {stage.name}
          </Entry>
          {stage.executions.map((execution) => (
            <Entry
              key={execution.id}
              nested
              icon={<StatusIcon status={execution.status} />}
              aside={<Duration from={execution.startedAt} to={execution.completedAt} />}
              current={selected === `execution:${execution.id}`}
              onClick={() => onExecution(execution.id)}
            >
              {agentLabel(execution, stage)}
            </Entry>
          ))}
        </div>
      ))}
      {missing > 0 && !session.completedAt ? (
        <p className="px-2 py-1 text-dim text-xs">
          {missing === 1 ? '1 stage to come' : `${missing} stages to come`}
        </p>
      ) : null}
      {session.finalAnalysis ? (
        <Entry
          icon={<FileCheck2 className="size-3.5 text-accent" aria-hidden="true" />}
          onClick={onAnswer}
          strong
        >
          Final analysis
        </Entry>
      ) : null}
    </nav>
  );
}

type EntryProps = {
  icon: ReactNode;
  children: ReactNode;
  aside?: ReactNode;
  onClick: () => void;
  current?: boolean;
  strong?: boolean;
  nested?: boolean;
};

function Entry({ icon, children, aside, onClick, current, strong, nested }: EntryProps) {
  return (
    <button
      type="button"
      onClick={onClick}
      aria-current={current ? 'true' : undefined}
      className={cn(
        'flex min-h-7 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-raised',
        nested && 'pl-5',
        strong && 'font-medium',
        current && 'bg-accent-soft',
      )}
    >
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {aside ? <span className="tabular shrink-0 font-normal text-dim text-xs">{aside}</span> : null}
    </button>
  );
}
