'use client';
import { ChevronDown, ChevronUp, Search, X } from 'lucide-react';
import type { RefObject } from 'react';
import { Button } from '#src/components/ui/button.tsx';
import { Input } from '#src/components/ui/field.tsx';

type SearchBarProps = {
  inputRef: RefObject<HTMLInputElement | null>;
  query: string;
  onQuery: (query: string) => void;
  position: number;
  total: number;
  onStep: (step: 1 | -1) => void;
};

/** Search within the session. The place for the count keeps its width, so that typing moves nothing. */
export function SearchBar({ inputRef, query, onQuery, position, total, onStep }: SearchBarProps) {
  return (
    <search className="flex min-w-0 flex-1 items-center justify-end gap-1">
      <div className="relative min-w-0 flex-1 sm:w-56 sm:flex-none">
        <Search aria-hidden="true" className="absolute top-2 left-2 size-3 text-dim" />
        <Input
          ref={inputRef}
          type="search"
          aria-label="Search in this session"
          placeholder="Search here  /"
          value={query}
          onChange={(event) => onQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
          className="h-7 pl-6.5 text-xs [&::-webkit-search-cancel-button]:hidden"
        />
      </div>
      {query ? (
        <>
          <output className="tabular min-w-14 text-center text-dim text-xs">
            {total === 0 ? 'none' : `${position || '–'} of ${total}`}
          </output>
          <Button
            variant="ghost"
            size="iconSm"
            aria-label="Previous match"
            disabled={total === 0}
            onClick={() => onStep(-1)}
          >
            <ChevronUp />
          </Button>
          <Button
            variant="ghost"
            size="iconSm"
            aria-label="Next match"
            disabled={total === 0}
            onClick={() => onStep(1)}
          >
            <ChevronDown />
          </Button>
          <Button variant="ghost" size="iconSm" aria-label="Clear search" onClick={() => onQuery('')}>
            <X />
          </Button>
        </>
      ) : null}
    </search>
  );
}
