'use client';
import { Link2, Unlink2 } from 'lucide-react';
import type { Components } from 'streamdown';
import { Markdown } from '#src/components/markdown.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { useSessionContext } from '../session-context.ts';
import { REFERENCE_ELEMENT, rehypeReferences } from './rehype-references.ts';
import { splitReferences } from './split-references.ts';

const plugins = [rehypeReferences];
const components: Components = {
  [REFERENCE_ELEMENT]: ({ reference }) =>
    typeof reference === 'string' ? <Reference text={reference} /> : null,
};

/** Markdown in which `[tool: id]` references lead to the tool call that they name. */
export function AnswerMarkdown({ text, streaming = false }: { text: string; streaming?: boolean }) {
  return <Markdown text={text} streaming={streaming} rehypePlugins={plugins} components={components} />;
}

/** A reference as the calls stand now; one to a call that never happened stays the text it is. */
function Reference({ text }: { text: string }) {
  const { calls } = useSessionContext();
  return splitReferences(text, (id) => calls.has(id)).map((piece) =>
    piece.kind === 'reference' ? <EvidenceChip key={piece.callId} callId={piece.callId} /> : piece.text,
  );
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
