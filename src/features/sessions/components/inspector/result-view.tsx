'use client';
import { WrapText } from 'lucide-react';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { CopyButton } from '#src/components/copy-button.tsx';
import { useReveal } from '#src/components/names/names-context.ts';
import { Button } from '#src/components/ui/button.tsx';
import { cn } from '#src/components/ui/cn.ts';
import { Input } from '#src/components/ui/field.tsx';
import { useTextHighlight } from '#src/components/use-text-highlight.ts';
import { DataText } from './data-text.tsx';
import { countLines, isTable } from './read-lines.ts';

/** The output of a tool: searchable, with only the matching lines on demand, wrapped or not, to copy. */
export function ResultView({ text: masked, footer }: { text: string; footer?: ReactNode }) {
  const text = useReveal()(masked);
  const [query, setQuery] = useState('');
  const [onlyMatches, setOnlyMatches] = useState(false);
  const [wrap, setWrap] = useState(() => !isTable(text));
  const block = useRef<HTMLPreElement>(null);
  useTextHighlight(block, 'result-search', query);
  const found = useMemo(() => countLines(text, query), [text, query]);
  return (
    <div className="grid min-h-0 gap-1.5">
      <div className="flex items-center gap-1">
        <Input
          type="search"
          aria-label="Search in this text"
          placeholder="Search in this text"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          className="h-7 min-w-0 flex-1 text-xs"
        />
        <Button
          size="iconSm"
          variant="ghost"
          aria-label="Wrap long lines"
          aria-pressed={wrap}
          title="Wrap long lines"
          onClick={() => setWrap(!wrap)}
          className={cn(wrap && 'bg-raised text-text')}
        >
          <WrapText />
        </Button>
        <CopyButton label="Copy the result" text={() => text} />
      </div>
      {query ? (
        <div className="flex items-center gap-2 text-xs">
          <output className="tabular text-dim">
            {found.matching.length} of {found.total} lines
          </output>
          <label className="flex items-center gap-1">
            <input
              type="checkbox"
              checked={onlyMatches}
              onChange={(event) => setOnlyMatches(event.target.checked)}
            />
            only these
          </label>
        </div>
      ) : null}
      <pre
        ref={block}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard.
        tabIndex={0}
        className={cn(
          'thin-scroll max-h-[60vh] overflow-auto rounded-md border bg-raised px-2.5 py-2 text-2xs leading-relaxed',
          wrap && 'whitespace-pre-wrap [overflow-wrap:anywhere]',
        )}
      >
        {query && onlyMatches ? found.matching.join('\n') : <DataText text={masked} plain={query !== ''} />}
      </pre>
      {footer}
    </div>
  );
}
