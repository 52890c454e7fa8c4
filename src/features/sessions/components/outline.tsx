'use client';
import { BellRing, BookOpenText, FileCheck2 } from 'lucide-react';
import { StatusIcon } from '#src/components/run-status.tsx';
import { Duration } from '#src/components/time.tsx';
import type { ExecutionUsage, SessionView } from '../schema.ts';
import { agentTree } from './agent-tree.ts';
import { describeStage } from './describe-stage.ts';
import { OutlineAgent } from './outline-agent.tsx';
import { OutlineEntry } from './outline-entry.tsx';
import { useOutlineKeys } from './use-outline-keys.ts';

type OutlineProps = {
  session: SessionView;
  usage: ReadonlyMap<string, ExecutionUsage>;
  selected: string | null;
  onAlert: () => void;
  onRunbook: () => void;
  onAnswer: () => void;
  onStage: (stageId: string) => void;
  onExecution: (executionId: string) => void;
};

/** The run at a glance: alert, stages, who works in them and for whom, the answer. */
export function Outline(props: OutlineProps) {
  const { session, usage, selected, onAlert, onRunbook, onAnswer, onStage, onExecution } = props;
  const { ref, onFocus, onKeyDown } = useOutlineKeys();
  const missing = Math.max(
    0,
    session.plannedStages - session.stages.filter(({ followUpId }) => !followUpId).length,
  );
  return (
    <nav
      ref={ref}
      aria-label="Outline"
      onFocus={onFocus}
      onKeyDown={onKeyDown}
      className="thin-scroll grid content-start gap-0.5 overflow-y-auto p-2"
    >
      <OutlineEntry
        icon={<BellRing className="size-3.5 text-dim" aria-hidden="true" />}
        onClick={onAlert}
        current={selected === 'alert'}
      >
        Alert
      </OutlineEntry>
      {session.runbookSource || session.runbookNote ? (
        <OutlineEntry
          icon={<BookOpenText className="size-3.5 text-dim" aria-hidden="true" />}
          aside={session.runbookSource ? undefined : 'not read'}
          onClick={onRunbook}
          current={selected === 'runbook'}
        >
          Runbook
        </OutlineEntry>
      ) : null}
      {session.stages.map((stage) => (
        <section key={stage.id} aria-label={`Stage ${stage.name}`} className="grid gap-0.5">
          <OutlineEntry
            icon={<StatusIcon status={stage.skipped === null ? stage.status : 'skipped'} />}
            aside={
              stage.skipped === null ? <Duration from={stage.startedAt} to={stage.completedAt} /> : 'skipped'
            }
            below={describeStage(stage, session.stages)}
            onClick={() => onStage(stage.id)}
            strong
          >
            {stage.name}
          </OutlineEntry>
          <ul className="grid gap-0.5">
            {agentTree(stage).map((agent) => (
              <OutlineAgent
                key={agent.execution.id}
                agent={agent}
                stageType={stage.type}
                lettered={stage.executions.length > 1}
                usage={usage}
                selected={selected}
                onExecution={onExecution}
              />
            ))}
          </ul>
        </section>
      ))}
      {missing > 0 && !session.completedAt ? (
        <p className="px-2 py-1 text-dim text-xs">
          {missing === 1 ? '1 stage to come' : `${missing} stages to come`}
        </p>
      ) : null}
      {session.finalAnalysis ? (
        <OutlineEntry
          icon={<FileCheck2 className="size-3.5 text-accent" aria-hidden="true" />}
          onClick={onAnswer}
          strong
        >
          Final analysis
        </OutlineEntry>
      ) : null}
    </nav>
  );
}
