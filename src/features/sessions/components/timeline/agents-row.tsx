'use client';
import { Layers } from 'lucide-react';
import { StatusIcon, statusWord } from '#src/components/run-status.tsx';
import { Duration } from '#src/components/time.tsx';
import { cn } from '#src/components/ui/cn.ts';
import type { StageView } from '../../schema.ts';
import { type AgentNode, agentTree, flattenAgents } from '../agent-tree.ts';
import { useShownStatus } from '../session-context.ts';
import { AgentLetter } from './agent-chip.tsx';

type AgentsRowProps = {
  stage: StageView;
  /** The agent that is read alone; null for all. */
  shown: string | null;
  onShow: (stageId: string, executionId: string | null) => void;
};

/** The agents of a parallel stage and how each stands; a press on one reads it alone. */
export function AgentsRow({ stage, shown, onShow }: AgentsRowProps) {
  const agents = agentTree(stage);
  return (
    <fieldset
      aria-label={`Agents of ${stage.name}`}
      className="thin-scroll flex min-w-0 gap-1.5 overflow-x-auto border-b bg-panel px-3 py-2"
    >
      <Tab pressed={shown === null} onPress={() => onShow(stage.id, null)}>
        <span className="flex items-center gap-1.5 font-medium">
          <Layers aria-hidden="true" className="size-3.5 text-dim" /> All
        </span>
        <span className="text-dim">{agents.length} interleaved</span>
      </Tab>
      {agents.map((agent) => (
        <Tab
          key={agent.execution.id}
          pressed={shown === agent.execution.id}
          onPress={() => onShow(stage.id, shown === agent.execution.id ? null : agent.execution.id)}
        >
          <AgentFace agent={agent} />
        </Tab>
      ))}
    </fieldset>
  );
}

type TabProps = { pressed: boolean; onPress: () => void; children: React.ReactNode };

function Tab({ pressed, onPress, children }: TabProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onPress}
      className={cn(
        'grid min-w-28 max-w-52 shrink-0 gap-0.5 rounded-md border px-2 py-1 text-left text-xs hover:bg-raised',
        pressed && 'border-accent bg-accent-soft hover:bg-accent-soft',
      )}
    >
      {children}
    </button>
  );
}

function AgentFace({ agent: { execution, mark, children } }: { agent: AgentNode }) {
  const below = flattenAgents(children).length;
  const status = useShownStatus(execution);
  return (
    <>
      <span className="flex min-w-0 items-center gap-1.5 font-medium">
        <AgentLetter letter={mark.letter} />
        <span className="truncate">{mark.name}</span>
      </span>
      <span className="flex items-center gap-1 text-dim">
        <StatusIcon status={status} />
        <span aria-hidden="true">{statusWord(status)}</span>
        <Duration from={execution.startedAt} to={execution.completedAt} />
        {below > 0 ? <span>· {below} below</span> : null}
      </span>
    </>
  );
}
