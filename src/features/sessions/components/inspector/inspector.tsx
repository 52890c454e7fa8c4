'use client';
import { Link2, X } from 'lucide-react';
import { CopyButton } from '#src/components/copy-button.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { readApprovalData } from '#src/features/approvals/components/index.ts';
import type { ApprovalData } from '../../schema.ts';
import type { SessionState } from '../../session-state.ts';
import { agentTree, flattenAgents } from '../agent-tree.ts';
import { pairDecisions } from '../pair-decisions.ts';
import { readMemories } from '../read-memories.ts';
import { readSources } from '../read-native.ts';
import { readToolCall, readToolSummary, toolName } from '../read-tool-call.ts';
import { itemTitle } from '../timeline/describe-notice.ts';
import { AlertInspector } from './alert-inspector.tsx';
import { ApprovalInspector } from './approval-inspector.tsx';
import { ExecutionInspector } from './execution-inspector.tsx';
import { ItemInspector } from './item-inspector.tsx';
import { MemoriesInspector } from './memories-inspector.tsx';
import { RunbookInspector } from './runbook-inspector.tsx';
import { SourcesInspector } from './sources-inspector.tsx';
import { ToolCallInspector } from './tool-call-inspector.tsx';
import { ToolSummaryInspector } from './tool-summary-inspector.tsx';

type Inspected = { title: string; body: React.ReactNode };

/** What `?item=` names: the alert, its runbook, an execution, or an entry of the timeline. */
export function inspect(state: SessionState, selected: string): Inspected {
  if (selected === 'alert') return { title: 'Alert', body: <AlertInspector session={state.session} /> };
  if (selected === 'runbook') return { title: 'Runbook', body: <RunbookInspector session={state.session} /> };
  if (selected.startsWith('execution:')) {
    const id = selected.slice('execution:'.length);
    const stage = state.session.stages.find(({ executions }) => executions.some((each) => each.id === id));
    const agent = stage && flattenAgents(agentTree(stage)).find(({ execution }) => execution.id === id);
    if (agent)
      return {
        title: agent.mark.name,
        body: <ExecutionInspector execution={agent.execution} stage={stage} />,
      };
  }
  const index = state.position.get(selected);
  const entry = index === undefined ? undefined : state.items[index];
  const decided = pairDecisions(state.items).decided.get(selected);
  const item = decided?.call ?? entry;
  if (!item)
    return { title: 'Not found', body: <p className="text-dim">This entry is not part of the session.</p> };
  const call = readToolCall(item);
  if (call) {
    const decision = decided?.request ?? null;
    return {
      title: toolName(call),
      body: <ToolCallInspector key={item.id} item={item} call={call} decision={decision} />,
    };
  }
  const summary = readToolSummary(item);
  if (summary)
    return {
      title: `Summary of ${toolName(summary)}`,
      body: <ToolSummaryInspector key={item.id} item={item} summary={summary} />,
    };
  const approval = readApprovalData(item);
  if (approval) {
    const title = approvalTitle(approval);
    return { title, body: <ApprovalInspector key={item.id} item={item} data={approval} /> };
  }
  const memories = readMemories(item);
  if (memories)
    return {
      title: itemTitle(item.type),
      body: <MemoriesInspector key={item.id} item={item} memories={memories} />,
    };
  const sources = readSources(item);
  if (sources)
    return {
      title: itemTitle(item.type),
      body: <SourcesInspector key={item.id} item={item} sources={sources} />,
    };
  return { title: itemTitle(item.type), body: <ItemInspector key={item.id} item={item} /> };
}

function approvalTitle({ kind, tool }: ApprovalData): string {
  switch (kind) {
    case 'tool':
      return `Approval of ${tool}`;
    case 'question':
      return 'Question';
    case 'pause':
      return 'Pause';
  }
}

/** Takes the focus when the keyboard goes from the timeline into the inspector. */
export const INSPECTOR_ID = 'inspector';

/** The pane for wide screens; narrow ones show the same in a sheet. */
export function InspectorPane({ title, body, onClose }: Inspected & { onClose: () => void }) {
  return (
    <aside
      id={INSPECTOR_ID}
      tabIndex={-1}
      aria-label="Inspector"
      className="flex w-[26rem] shrink-0 flex-col border-l bg-panel"
    >
      <div className="flex items-center gap-1 border-b px-3 py-1.5">
        <h2 className="min-w-0 flex-1 truncate font-mono font-semibold text-xs">{title}</h2>
        <CopyLink />
        <Button
          variant="ghost"
          size="iconSm"
          aria-label="Close the inspector"
          title="Close (x)"
          onClick={onClose}
        >
          <X />
        </Button>
      </div>
      <div className="thin-scroll grid min-h-0 flex-1 content-start gap-3 overflow-y-auto p-3">{body}</div>
    </aside>
  );
}

export function CopyLink() {
  return (
    <CopyButton label="Copy a link to this entry" text={() => window.location.href}>
      <Link2 /> Link
    </CopyButton>
  );
}
