'use client';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Brain, FilterX, Plus, Search } from 'lucide-react';
import { useRef, useState } from 'react';
import { toast } from 'sonner';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import { EmptyState } from '#src/components/empty-state.tsx';
import { ErrorState } from '#src/components/error-state.tsx';
import { PageHeader } from '#src/components/frame/page-header.tsx';
import { useMay } from '#src/components/frame/project-context.tsx';
import { useShortcut } from '#src/components/shortcuts/shortcut-provider.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Input, Select } from '#src/components/ui/field.tsx';
import { SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { type Memory, memoryCategories, memoryStates, type NewMemory } from '../schema.ts';
import { MemoryDialog } from './memory-dialog.tsx';
import { categoryLooks } from './memory-looks.ts';
import { MemoryRow } from './memory-row.tsx';
import {
  type MemoryFilters,
  memoryInput,
  type SetMemoryFilters,
  useMemoryFilters,
} from './use-memory-filters.ts';

/** What past investigations taught: readable, searchable, and the team's to correct. */
export function KnowledgePage({ project }: { project: string }) {
  const trpc = useTRPC();
  const { filters, setFilters } = useMemoryFilters();
  const mayOperate = useMay('operator');
  const [editing, setEditing] = useState<Memory | 'new' | null>(null);
  const changes = useMemoryChanges(project);
  const list = useQuery(
    trpc.memories.list.queryOptions(
      { project, ...memoryInput(filters) },
      { placeholderData: keepPreviousData },
    ),
  );
  const items = list.data?.items ?? [];
  const save = (memory: NewMemory) => {
    const done = () => setEditing(null);
    if (editing === 'new') changes.create(memory, done);
    else if (editing) changes.edit(editing.id, memory, done);
  };
  return (
    <>
      <title>Knowledge · TARS</title>
      <PageHeader
        title="Memories"
        crumbs={[{ label: 'Knowledge', href: `/p/${project}/knowledge` }]}
        actions={
          mayOperate ? (
            <Button size="sm" variant="primary" onClick={() => setEditing('new')}>
              <Plus /> New memory
            </Button>
          ) : null
        }
      />
      <FilterBar filters={filters} setFilters={setFilters} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        {list.isPending ? <SkeletonRows rows={8} rowClassName="h-16" /> : null}
        {list.isError && !list.data ? (
          <ErrorState error={list.error} what="the memories" onRetry={() => void list.refetch()} />
        ) : null}
        {list.data && items.length === 0 ? (
          <NoMemories filters={filters} onClear={() => void setFilters(null)} />
        ) : null}
        <ul aria-label="Memories">
          {items.map((memory) => (
            <MemoryRow
              key={memory.id}
              project={project}
              memory={memory}
              onEdit={() => setEditing(memory)}
              onAct={(action) => changes.act(memory.id, action)}
            />
          ))}
        </ul>
        <Pager cursor={filters.cursor} next={list.data?.nextCursor ?? null} setFilters={setFilters} />
      </div>
      <MemoryDialog
        memory={editing}
        busy={changes.isPending}
        onClose={() => setEditing(null)}
        onSave={save}
      />
    </>
  );
}

/** Commands of the page; the list is read again after each. */
function useMemoryChanges(project: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = {
    onError: (error: unknown) => void toast.error(describeError(error).message),
    onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.memories.list.queryKey() }),
  };
  const create = useMutation(trpc.memories.create.mutationOptions(options));
  const edit = useMutation(trpc.memories.edit.mutationOptions(options));
  const act = useMutation(trpc.memories.act.mutationOptions(options));
  return {
    isPending: create.isPending || edit.isPending,
    create: (memory: NewMemory, onSuccess: () => void) => create.mutate({ project, memory }, { onSuccess }),
    edit: (memoryId: string, change: NewMemory, onSuccess: () => void) =>
      edit.mutate({ project, memoryId, change }, { onSuccess }),
    act: (memoryId: string, action: 'deprecate' | 'restore' | 'delete') =>
      act.mutate({ project, memoryId, command: { action } }),
  };
}

type FilterBarProps = { filters: MemoryFilters; setFilters: SetMemoryFilters };

function FilterBar({ filters, setFilters }: FilterBarProps) {
  const input = useRef<HTMLInputElement>(null);
  useShortcut('/', 'Search memories', 'Knowledge', () => input.current?.focus());
  return (
    <search className="flex flex-wrap items-center gap-2 border-b px-3 py-2 md:px-4">
      <div className="relative min-w-0 basis-full sm:w-72 sm:basis-auto">
        <Search aria-hidden="true" className="absolute top-2.5 left-2.5 size-3 text-dim" />
        <Input
          ref={input}
          type="search"
          aria-label="Search memories"
          placeholder="Search memories  /"
          value={filters.q}
          onChange={(event) => void setFilters({ q: event.target.value || null, cursor: null })}
          className="pl-7"
        />
      </div>
      <Select
        aria-label="Kind"
        value={filters.category ?? ''}
        onChange={(event) =>
          void setFilters({
            category: memoryCategories.find((name) => name === event.target.value) ?? null,
            cursor: null,
          })
        }
        className="w-auto"
      >
        <option value="">Kind: any</option>
        {memoryCategories.map((name) => (
          <option key={name} value={name}>
            {categoryLooks[name].word}
          </option>
        ))}
      </Select>
      <Select
        aria-label="State"
        value={filters.state}
        onChange={(event) =>
          void setFilters({
            state: memoryStates.find((name) => name === event.target.value) ?? null,
            cursor: null,
          })
        }
        className="w-auto"
      >
        <option value="active">In use</option>
        <option value="deprecated">Out of use</option>
        <option value="all">All</option>
      </Select>
    </search>
  );
}

function NoMemories({ filters, onClear }: { filters: MemoryFilters; onClear: () => void }) {
  if (filters.q || filters.category || filters.state !== 'active') {
    return (
      <EmptyState
        icon={FilterX}
        title="No memory matches"
        action={<Button onClick={onClear}>Clear the filters</Button>}
      >
        Try fewer words, or look among those that are out of use.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={Brain} title="Nothing remembered yet">
      Memories are drawn from investigations that are scored or reviewed, and given to later ones. Complete a
      review on the Triage page, or write one yourself.
    </EmptyState>
  );
}

type PagerProps = { cursor: string | null; next: string | null; setFilters: SetMemoryFilters };

function Pager({ cursor, next, setFilters }: PagerProps) {
  if (!cursor && !next) return null;
  return (
    <div className="flex items-center justify-center gap-2 p-3">
      <Button
        size="sm"
        disabled={!cursor}
        onClick={() => void setFilters({ cursor: null }, { history: 'push' })}
      >
        First page
      </Button>
      <Button
        size="sm"
        disabled={!next}
        onClick={() => void setFilters({ cursor: next }, { history: 'push' })}
      >
        Next page
      </Button>
    </div>
  );
}
