'use client';
import { type RunStatusName, StatusIcon, statusWord } from '#src/components/run-status.tsx';
import { formatQuantity } from '#src/lib/format-number.ts';
import type { AgentNode } from '../agent-tree.ts';
import { shownStatus } from '../paused-agents.ts';
import { AgentLetter } from '../timeline/agent-chip.tsx';
import type { AgentCalls, TraceGroup } from './group-trace.ts';
import { TraceList } from './trace-list.tsx';

type TraceGroupsProps = {
  groups: readonly TraceGroup[];
  longestMs: number;
  /** Agents that wait at their limit. */
  paused: ReadonlySet<string>;
  selected: string | null;
  onSelect: (id: string) => void;
};

/** Every call under its stage and its agent. */
export function TraceGroups({ groups, paused, ...list }: TraceGroupsProps) {
  return groups.map(({ stage, agents, calls }) => (
    <section key={stage?.id ?? 'session'} aria-label={stage ? `Stage ${stage.name}` : 'Session'}>
      <h2 className="sticky top-0 z-10 flex items-center gap-2 border-b bg-raised px-3 py-1.5 font-semibold text-xs">
        <span className="min-w-0 flex-1 truncate">
          {stage ? `Stage ${stage.index + 1} · ${stage.name}` : 'Of the session as a whole'}
        </span>
        {stage ? <StatusIcon status={stage.status} /> : null}
      </h2>
      {agents.map(({ agent, calls: own }) => (
        <AgentSection
          key={agent.execution.id}
          agent={agent}
          calls={own}
          named={agents.length > 1}
          paused={paused}
          {...list}
        />
      ))}
      <TraceList items={calls} {...list} />
    </section>
  ));
}

type AgentSectionProps = AgentCalls & Omit<TraceGroupsProps, 'groups'> & { named: boolean };

function AgentSection({ agent, calls, named, paused, ...list }: AgentSectionProps) {
  return (
    <>
      {named ? (
        <AgentHeading agent={agent} count={calls.length} status={shownStatus(agent.execution, paused)} />
      ) : null}
      <Takeover execution={agent.execution} />
      <TraceList items={calls} {...list} />
    </>
  );
}

/** Which provider the agent had, where another one had to go on. */
function Takeover({ execution }: { execution: AgentNode['execution'] }) {
  const { originalProvider, originalModel, provider, model } = execution;
  if (originalProvider === null) return null;
  return (
    <p className="border-b px-3 py-1 text-dim text-xs [overflow-wrap:anywhere]">
      Started with {originalProvider} · {originalModel}, went on with {provider} · {model}
    </p>
  );
}

type AgentHeadingProps = { agent: AgentNode; count: number; status: RunStatusName };

function AgentHeading({ agent: { execution, mark }, count, status }: AgentHeadingProps) {
  return (
    <h3 className="flex items-center gap-2 border-b bg-panel px-3 py-1.5 text-xs">
      <AgentLetter letter={mark.letter} />
      <span className="min-w-0 truncate font-medium">{mark.name}</span>
      {execution.parentExecutionId ? <span className="text-dim">sub-agent</span> : null}
      <span className="flex-1" />
      <span className="tabular text-dim">{formatQuantity(count, 'call')}</span>
      <StatusIcon status={status} />
      <span aria-hidden="true" className="text-dim">
        {statusWord(status)}
      </span>
    </h3>
  );
}
