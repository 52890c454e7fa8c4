'use client';
import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import { useTRPC } from '#src/components/data/trpc.ts';
import { ErrorState } from '#src/components/error-state.tsx';
import { Names } from '#src/components/names/names.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { formatQuantity } from '#src/lib/format-number.ts';
import type { ToolSet } from '../../schema.ts';
import { Labelled } from '../inspector/labelled.tsx';

type OfferedToolsProps = {
  project: string;
  sessionId: string;
  tools: readonly string[];
  /** Null where the definitions were not kept. */
  toolSet: string | null;
};

/** The tools that a call offered by name, and on demand as the model saw them: what they say and which arguments they take. */
export function OfferedTools({ project, sessionId, tools, toolSet }: OfferedToolsProps) {
  const [open, setOpen] = useState(false);
  return (
    <Labelled
      label={`Offered · ${formatQuantity(tools.length, 'tool')}`}
      actions={
        toolSet === null ? null : (
          <Button size="sm" variant="ghost" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Names only' : 'As the model saw them'}
          </Button>
        )
      }
    >
      {open && toolSet !== null ? (
        <Definitions project={project} sessionId={sessionId} hash={toolSet} />
      ) : (
        <p className="font-mono text-2xs text-dim leading-relaxed [overflow-wrap:anywhere]">
          {tools.join(', ')}
        </p>
      )}
    </Labelled>
  );
}

function Definitions({ project, sessionId, hash }: { project: string; sessionId: string; hash: string }) {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery({
    ...trpc.sessions.toolSet.queryOptions({ project, id: sessionId, hash }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error) return <ErrorState what="the definitions" error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={4} />;
  return (
    <ul className="divide-y rounded-md border">
      {data.tools.map((tool) => (
        <Definition key={tool.name} tool={tool} />
      ))}
    </ul>
  );
}

function Definition({ tool }: { tool: ToolSet['tools'][number] }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="flex w-full items-start gap-1.5 px-2 py-1.5 text-left hover:bg-raised"
      >
        {open ? (
          <ChevronDown aria-hidden="true" className="mt-0.5 size-3 shrink-0 text-dim" />
        ) : (
          <ChevronRight aria-hidden="true" className="mt-0.5 size-3 shrink-0 text-dim" />
        )}
        <span className="min-w-0">
          <span className="block font-mono text-2xs [overflow-wrap:anywhere]">{tool.name}</span>
          <span className="block whitespace-pre-wrap text-dim text-xs [overflow-wrap:anywhere]">
            <Names>{tool.description}</Names>
          </span>
        </span>
      </button>
      <pre
        id={id}
        hidden={!open}
        className="whitespace-pre-wrap border-t bg-raised p-2 font-mono text-2xs leading-relaxed [overflow-wrap:anywhere]"
      >
        <Names>{JSON.stringify(tool.inputSchema, null, 2)}</Names>
      </pre>
    </li>
  );
}
