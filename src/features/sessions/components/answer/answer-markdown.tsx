'use client';
import { Link2, Unlink2 } from 'lucide-react';
import { useMemo } from 'react';
import type { Components } from 'streamdown';
import { Markdown } from '#src/components/markdown.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { useSessionContext } from '../session-context.ts';
import { REFERENCE_ELEMENT, rehypeReferences } from './rehype-references.ts';

const components: Components = {
  [REFERENCE_ELEMENT]: ({ callid }) => (typeof callid === 'string' ? <EvidenceChip callId={callid} /> : null),
};

/** Markdown in which `[tool: id]` references lead to the tool call that they name. */
export function AnswerMarkdown({ text, streaming = false }: { text: string; streaming?: boolean }) {
  const { calls } = useSessionContext();
  const plugins = useMemo(() => [rehypeReferences((id) => calls.has(id))], [calls]);
  return <Markdown text={text} streaming={streaming} rehypePlugins={plugins} components={components} />;
}

function EvidenceChip({ callId }: { callId: string }) {
  const { calls, select } = useSessionContext();
  const place = calls.get(callId);
  if (!place) return null;
  const Icon = place.completed ? Link2 : Unlink2;
  return (
    <button
      type="button"
      onClick={() => select(place.itemId)}
      title={
        place.completed ? `Show the result of ${place.label}` : `${place.label} has no result to rest on`
      }
      className={cn(
        'mx-0.5 inline-flex max-w-56 items-center gap-1 rounded px-1.5 align-baseline font-medium text-xs hover:underline',
        place.completed ? 'bg-accent-soft text-accent' : 'bg-warn-soft text-warn',
      )}
    >
      <Icon aria-hidden="true" className="size-3 shrink-0" />
      <span className="truncate">{place.completed ? place.label : `${place.label}: no result`}</span>
    </button>
  );
}
