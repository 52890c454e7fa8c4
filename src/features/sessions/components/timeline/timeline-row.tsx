'use client';
import { memo } from 'react';
import { readApprovalData } from '#src/features/approvals/components/index.ts';
import type { TimelineItem } from '../../schema.ts';
import { readToolCall, readToolSummary } from '../read-tool-call.ts';
import { AgentGutter } from './agent-gutter.tsx';
import { ApprovalRow } from './approval-row.tsx';
import { NoticeRow } from './notice-row.tsx';
import type { RowActions } from './row-actions.ts';
import { AnalysisRow, MessageRow, ResponseRow, ThinkingRow } from './text-rows.tsx';
import { ToolCallRow } from './tool-call-row.tsx';
import { ToolSummaryRow } from './tool-summary-row.tsx';

type TimelineRowProps = {
  item: TimelineItem;
  /** Whose entry it is, where several agents work; its name shows where the speaker changes. */
  letter: string | null;
  name: string | null;
  speaks: boolean;
  overtakenAt: string | null;
  /** What people decided on it. */
  decision: TimelineItem | null;
  selected: boolean;
  expanded: boolean;
  onSelect: (itemId: string) => void;
  onToggle: (itemId: string) => void;
};

/** One entry of the timeline. Renders again only when its item or its own state changes. */
export const TimelineRow = memo(function TimelineRow(props: TimelineRowProps) {
  const { item, letter, name, speaks, overtakenAt, decision, selected, expanded, onSelect, onToggle } = props;
  const actions: RowActions = {
    selected,
    expanded,
    select: () => onSelect(item.id),
    toggle: () => onToggle(item.id),
  };
  const row = (
    <ItemRow
      item={overtakenAt ? { ...item, status: 'completed', completedAt: overtakenAt } : item}
      decision={decision}
      actions={actions}
    />
  );
  if (letter === null || name === null) return row;
  return (
    <div className="flex">
      <AgentGutter letter={letter} name={name} speaks={speaks} />
      <div className="min-w-0 flex-1">{row}</div>
    </div>
  );
});

type ItemRowProps = { item: TimelineItem; decision: TimelineItem | null; actions: RowActions };

function ItemRow({ item, decision, actions }: ItemRowProps) {
  switch (item.type) {
    case 'thinking':
      return <ThinkingRow item={item} actions={actions} />;
    case 'response':
      return <ResponseRow item={item} actions={actions} />;
    case 'final_analysis':
    case 'executive_summary':
      return <AnalysisRow item={item} actions={actions} />;
    case 'user_message':
    case 'task_assigned':
      return <MessageRow item={item} actions={actions} />;
    case 'approval':
    case 'question': {
      const data = readApprovalData(item);
      return data ? (
        <ApprovalRow item={item} data={data} actions={actions} />
      ) : (
        <NoticeRow item={item} actions={actions} />
      );
    }
    case 'tool_call': {
      // Of a question, what was asked and answered says more than the call that asked.
      const question = decision?.type === 'question' ? readApprovalData(decision) : null;
      if (decision && question) return <ApprovalRow item={decision} data={question} actions={actions} />;
      const call = readToolCall(item);
      return call ? (
        <ToolCallRow item={item} call={call} decision={decision} actions={actions} />
      ) : (
        <NoticeRow item={item} actions={actions} />
      );
    }
    case 'tool_summary': {
      const summary = readToolSummary(item);
      return summary ? (
        <ToolSummaryRow item={item} summary={summary} actions={actions} />
      ) : (
        <NoticeRow item={item} actions={actions} />
      );
    }
    case 'error':
    case 'provider_fallback':
    case 'budget':
    case 'compaction':
    case 'code_execution':
    case 'search_result':
    case 'url_context':
    case 'skill_loaded':
    case 'memory_injected':
    case 'score':
      return <NoticeRow item={item} actions={actions} />;
  }
}
