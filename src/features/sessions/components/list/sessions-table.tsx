'use client';
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { useProject } from '#src/components/frame/project-context.tsx';
import { cn } from '#src/components/ui/cn.ts';
import type { SessionListItem, SessionSort } from '../../schema.ts';
import { SessionRow } from './session-row.tsx';

type SessionsTableProps = {
  project: string;
  items: readonly SessionListItem[];
  sort: SessionSort;
  onSort: (sort: SessionSort) => void;
  peeked: string | null;
  onPeek: (id: string | null) => void;
  /** Rows are of an older question while the new answer is on its way. */
  stale: boolean;
};

export function SessionsTable({ project, items, sort, onSort, peeked, onPeek, stale }: SessionsTableProps) {
  const { showsCosts } = useProject();
  return (
    <table
      className={cn('w-full table-fixed border-collapse text-left transition-opacity', stale && 'opacity-60')}
    >
      <thead className="text-dim text-xs">
        <tr className="h-8 border-b">
          <SortHeader
            field="status"
            sort={sort}
            onSort={onSort}
            className="w-9 overflow-hidden pl-3 @lg:w-32 md:pl-4"
          >
            <span className="sr-only @lg:not-sr-only">Status</span>
          </SortHeader>
          <th className="font-medium">Session</th>
          <th className="hidden w-26 font-medium @2xl:table-cell">Severity</th>
          <SortHeader field="score" sort={sort} onSort={onSort} className="hidden w-22 @3xl:table-cell">
            Score
          </SortHeader>
          <SortHeader field="rating" sort={sort} onSort={onSort} className="hidden w-32 @4xl:table-cell">
            Review
          </SortHeader>
          <SortHeader field="createdAt" sort={sort} onSort={onSort} className="w-26">
            Received
          </SortHeader>
          <SortHeader field="duration" sort={sort} onSort={onSort} className="hidden w-24 @3xl:table-cell">
            Duration
          </SortHeader>
          <th className="hidden w-16 text-right font-medium @5xl:table-cell">Tools</th>
          <th className="hidden w-20 text-right font-medium @5xl:table-cell">Tokens</th>
          {showsCosts ? (
            <SortHeader
              field="cost"
              sort={sort}
              onSort={onSort}
              className="hidden w-20 @4xl:table-cell"
              right
            >
              Cost
            </SortHeader>
          ) : null}
          <th className="w-12 pr-2">
            <span className="sr-only">Peek</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((session) => (
          <SessionRow
            key={session.id}
            project={project}
            session={session}
            peeked={session.id === peeked}
            onPeek={() => onPeek(session.id === peeked ? null : session.id)}
          />
        ))}
      </tbody>
    </table>
  );
}

type SortHeaderProps = {
  field: 'createdAt' | 'duration' | 'cost' | 'score' | 'status' | 'rating';
  sort: SessionSort;
  onSort: (sort: SessionSort) => void;
  className?: string;
  right?: boolean;
  children: ReactNode;
};

/** Sorts by its column, largest first; a second press turns it round. */
function SortHeader({ field, sort, onSort, className, right, children }: SortHeaderProps) {
  const descending = sort === `-${field}`;
  const ascending = sort === field;
  const Icon = descending ? ArrowDown : ascending ? ArrowUp : ChevronsUpDown;
  return (
    <th
      className={cn('font-medium', className)}
      aria-sort={descending ? 'descending' : ascending ? 'ascending' : 'none'}
    >
      <button
        type="button"
        onClick={() => onSort(descending ? field : `-${field}`)}
        className={cn(
          'inline-flex h-7 w-full items-center gap-1 rounded hover:text-text',
          right && 'justify-end',
        )}
      >
        {children}
        <Icon aria-hidden="true" className={cn('size-3', !descending && !ascending && 'opacity-50')} />
      </button>
    </th>
  );
}
