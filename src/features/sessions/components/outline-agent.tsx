'use client';
import { StatusIcon, statusWord } from '#src/components/run-status.tsx';
import { Duration } from '#src/components/time.tsx';
import { formatCount } from '#src/lib/format-number.ts';
import type { ExecutionUsage, StageView } from '../schema.ts';
import type { AgentNode } from './agent-tree.ts';
import { CancelAgent } from './cancel-agent.tsx';
import { OutlineEntry } from './outline-entry.tsx';
import { useShownStatus } from './session-context.ts';
import { AgentLetter } from './timeline/agent-chip.tsx';
import { executionKey } from './timeline/build-rows.ts';
import { OUTLINE_LINE } from './use-outline-keys.ts';

type OutlineAgentProps = {
  agent: AgentNode;
  stageType: StageView['type'];
  /** Where there is more than one agent in the stage. */
  lettered: boolean;
  usage: ReadonlyMap<string, ExecutionUsage>;
  selected: string | null;
  onExecution: (executionId: string) => void;
};

/** An agent, how it stands, what it has used; its sub-agents below it. */
export function OutlineAgent(props: OutlineAgentProps) {
  const { agent, stageType, lettered, usage, selected, onExecution } = props;
  const { execution, mark, children } = agent;
  const status = useShownStatus(execution);
  const used = usage.get(execution.id);
  const tokens = used ? used.inputTokens + used.outputTokens : 0;
  return (
    <li className="pl-3">
      <div {...{ [OUTLINE_LINE]: '' }} className="flex items-start gap-0.5">
        <div className="min-w-0 flex-1">
          <OutlineEntry
            icon={<StatusIcon status={status} />}
            aside={<Duration from={execution.startedAt} to={execution.completedAt} />}
            below={[statusWord(status), tokens > 0 ? `${formatCount(tokens)}\u00a0tokens` : '']
              .filter(Boolean)
              .join(' · ')}
            current={selected === executionKey(execution.id)}
            onClick={() => onExecution(execution.id)}
          >
            <span className="flex min-w-0 items-center gap-1.5">
              {lettered ? <AgentLetter letter={mark.letter} /> : null}
              <span className="truncate">{mark.name}</span>
            </span>
          </OutlineEntry>
        </div>
        <CancelAgent execution={execution} stageType={stageType} compact />
      </div>
      {children.length > 0 ? (
        <ul className="ml-1 grid gap-0.5 border-l">
          {children.map((child) => (
            <OutlineAgent key={child.execution.id} {...props} agent={child} />
          ))}
        </ul>
      ) : null}
    </li>
  );
}
