'use client';
import { useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { BookOpenText } from 'lucide-react';
import { useState } from 'react';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import { Button } from '#src/components/ui/button.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '#src/components/ui/popover.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';

type RunbookPickerProps = { project: string; value: string; onPick: (url: string) => void };

/** The runbooks of the installation to choose from by name; the field beside it takes any other address. */
export function RunbookPicker({ project, value, onPick }: RunbookPickerProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button type="button" className="shrink-0">
          <BookOpenText /> Choose
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" className="p-0" aria-label="Choose a runbook">
        <RunbookList
          project={project}
          value={value}
          onPick={(url) => {
            setOpen(false);
            onPick(url);
          }}
        />
      </PopoverContent>
    </Popover>
  );
}

function RunbookList({ project, value, onPick }: RunbookPickerProps) {
  const trpc = useTRPC();
  const runbooks = useQuery(trpc.runbooks.list.queryOptions({ project }));
  const note = runbooks.isError ? describeError(runbooks.error).message : (runbooks.data?.note ?? null);
  const items = runbooks.data?.items ?? [];
  return (
    <Command label="Runbooks">
      <Command.Input
        autoFocus
        placeholder="Find a runbook"
        className="h-9 w-full border-b bg-transparent px-3 text-sm outline-none placeholder:text-dim"
      />
      <Command.List className="thin-scroll max-h-72 overflow-y-auto p-1">
        {runbooks.isPending ? (
          <p className="flex items-center gap-2 px-2 py-3 text-dim">
            <Spinner /> Loading the runbooks
          </p>
        ) : null}
        {items.length > 0 ? (
          <Command.Empty className="px-2 py-3 text-dim">No runbook by that name.</Command.Empty>
        ) : null}
        {items.map(({ name, path, url }) => (
          <Command.Item
            key={url}
            value={path}
            onSelect={() => onPick(url)}
            aria-current={url === value ? 'true' : undefined}
            className="cursor-pointer rounded-md px-2 py-1.5 aria-[current]:font-medium data-[selected=true]:bg-raised"
          >
            <span className="block truncate">{name}</span>
            <span className="block truncate text-dim text-xs">{path}</span>
          </Command.Item>
        ))}
        {runbooks.isSuccess && items.length === 0 ? (
          <p className="px-2 py-3 text-dim">
            There are none yet. Set <code>runbooks.repository</code>, or put Markdown files into{' '}
            <code>runbooks/</code> of the configuration directory.
          </p>
        ) : null}
      </Command.List>
      {note ? <p className="border-t px-3 py-2 text-dim text-xs [overflow-wrap:anywhere]">{note}</p> : null}
    </Command>
  );
}
