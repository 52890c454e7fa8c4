'use client';
import type { ReactNode } from 'react';
import { AgentsRow } from './agents-row.tsx';
import type { TimelineRow as Row } from './build-rows.ts';
import { GroupRow } from './group-row.tsx';
import { StageRow } from './stage-row.tsx';
import { TimelineRow } from './timeline-row.tsx';

/** What rows can ask for; the same functions while a session is open. */
export type RowHandlers = {
  onSelect: (key: string) => void;
  onToggle: (itemId: string) => void;
  onToggleGroup: (executionId: string, open: boolean) => void;
  onShowAgent: (stageId: string, executionId: string | null) => void;
};

type RowContentProps = { row: Row; selected: boolean; expanded: boolean; handlers: RowHandlers };

/** One line of the timeline, whatever it is. */
export function RowContent({ row, selected, expanded, handlers }: RowContentProps) {
  switch (row.kind) {
    case 'stage':
      return <StageRow stage={row.stage} stages={row.stages} />;
    case 'agents':
      return <AgentsRow stage={row.stage} shown={row.shown} onShow={handlers.onShowAgent} />;
    case 'group':
      return (
        <Nested depth={row.depth}>
          <GroupRow
            rowKey={row.key}
            execution={row.execution}
            letter={row.mark.letter}
            name={row.mark.name}
            open={row.open}
            last={row.last}
            entries={row.entries}
            selected={selected}
            onSelect={handlers.onSelect}
            onToggle={handlers.onToggleGroup}
          />
        </Nested>
      );
    case 'item':
      return (
        <Nested depth={row.depth}>
          <TimelineRow
            item={row.item}
            letter={row.speaker?.letter ?? null}
            name={row.speaker?.name ?? null}
            speaks={row.speaker?.speaks ?? false}
            overtakenAt={row.overtakenAt}
            decision={row.decision}
            selected={selected}
            expanded={expanded}
            onSelect={handlers.onSelect}
            onToggle={handlers.onToggle}
          />
        </Nested>
      );
  }
}

const INDENT_REM = 1;

/** What a sub-agent did stands to the right of a line, one for each level. */
function Nested({ depth, children }: { depth: number; children: ReactNode }) {
  if (depth === 0) return children;
  return (
    <div className="border-l-2 border-l-line-strong/40" style={{ marginLeft: `${depth * INDENT_REM}rem` }}>
      {children}
    </div>
  );
}
