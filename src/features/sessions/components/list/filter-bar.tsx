'use client';
import { useQuery } from '@tanstack/react-query';
import { ListFilter, Search, SlidersHorizontal, X } from 'lucide-react';
import { type RefObject, useState } from 'react';
import { useTRPC } from '#src/components/data/trpc.ts';
import { statusWord } from '#src/components/run-status.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { cn } from '#src/components/ui/cn.ts';
import {
  DropdownMenu,
  DropdownMenuCheckItem,
  DropdownMenuContent,
  DropdownMenuTrigger,
} from '#src/components/ui/dropdown-menu.tsx';
import { Input, Select } from '#src/components/ui/field.tsx';
import { ratings, reviewStatuses, runStatuses, scoreBandNames, scoringStates } from '../../schema.ts';
import { OrderChoice } from './order-choice.tsx';
import { timeRangeLabels, timeRanges } from './time-range.ts';
import {
  firstPage,
  isFiltered,
  noFilters,
  type SessionFilters,
  type SetSessionFilters,
} from './use-session-filters.ts';

type FilterBarProps = {
  project: string;
  filters: SessionFilters;
  setFilters: SetSessionFilters;
  searchInput: RefObject<HTMLInputElement | null>;
};

export function FilterBar({ project, filters, setFilters, searchInput }: FilterBarProps) {
  const trpc = useTRPC();
  const options = useQuery(trpc.sessions.filterOptions.queryOptions({ project }));
  // On a phone the filters fold away; those in force stay visible through the Clear button.
  const [open, setOpen] = useState(false);
  const change = (part: Partial<Parameters<SetSessionFilters>[0]>) =>
    void setFilters({ ...part, ...firstPage });
  return (
    <search className="flex flex-wrap items-center gap-2 border-b px-3 py-2 md:px-4">
      <div className="relative min-w-0 flex-1 sm:w-64 sm:flex-none">
        <Search aria-hidden="true" className="absolute top-2.5 left-2.5 size-3 text-dim" />
        <Input
          ref={searchInput}
          type="search"
          aria-label="Search sessions"
          placeholder="Search title, alert, analysis  /"
          value={filters.q}
          onChange={(event) => change({ q: event.target.value || null })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
          className="pl-7"
        />
      </div>
      <Button className="sm:hidden" aria-expanded={open} onClick={() => setOpen(!open)}>
        <SlidersHorizontal /> Filters
      </Button>
      <div className={cn('flex-wrap items-center gap-2 sm:contents', open ? 'flex w-full' : 'hidden')}>
        <StatusFilter
          filters={filters}
          onChange={(status) => change({ status: status.length > 0 ? status : null })}
        />
        <Choice
          label="Alert type"
          value={filters.alertType}
          options={options.data?.alertTypes ?? []}
          onChange={(alertType) => change({ alertType })}
        />
        <Choice
          label="Severity"
          value={filters.severity}
          options={options.data?.severities ?? []}
          onChange={(severity) => change({ severity })}
        />
        <Choice
          label="Chain"
          value={filters.chain}
          options={options.data?.chains ?? []}
          onChange={(chain) => change({ chain })}
        />
        <ReviewFilters filters={filters} change={change} />
        <Choice
          label="Reviewer"
          value={filters.assignee}
          options={options.data?.assignees ?? []}
          onChange={(assignee) => change({ assignee })}
        />
        <WordChoice
          label="Changes"
          value={filters.changed}
          words={{ true: 'something was changed', false: 'nothing was changed' }}
          onChange={(changed) => change({ changed })}
        />
        <TimeFilter filters={filters} change={change} />
        <OrderChoice sort={filters.sort} onSort={(sort) => void setFilters({ sort, cursor: null })} />
      </div>
      {isFiltered(filters) ? (
        <Button variant="ghost" size="sm" onClick={() => void setFilters(noFilters)}>
          <X /> Clear
        </Button>
      ) : null}
    </search>
  );
}

function StatusFilter({
  filters,
  onChange,
}: {
  filters: SessionFilters;
  onChange: (status: SessionFilters['status']) => void;
}) {
  const chosen = filters.status;
  const label =
    chosen.length === 0
      ? 'Any status'
      : chosen.length === 1
        ? chosen.map(statusWord).join()
        : `${chosen.length} statuses`;
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button aria-label={`Status: ${label}`}>
          <ListFilter /> {label}
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start">
        {runStatuses.map((status) => (
          <DropdownMenuCheckItem
            key={status}
            checked={chosen.includes(status)}
            onSelect={(event) => event.preventDefault()}
            onCheckedChange={(checked) =>
              onChange(checked ? [...chosen, status] : chosen.filter((each) => each !== status))
            }
          >
            {statusWord(status)}
          </DropdownMenuCheckItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

type ReviewFiltersProps = {
  filters: SessionFilters;
  change: (part: Partial<Parameters<SetSessionFilters>[0]>) => void;
};

const reviewWords = {
  needs_review: 'needs review',
  in_progress: 'in review',
  reviewed: 'reviewed',
  accurate: 'rated accurate',
  partially_accurate: 'rated partially accurate',
  inaccurate: 'rated inaccurate',
} as const;

const scoreWords = {
  good: '80 and more',
  fair: '60 to 79',
  poor: 'below 60',
  scored: 'any',
  not_scored: 'none',
  running: 'in progress',
  failed: 'failed',
} as const;

/** By what people and the judge made of it. A rating says that it has been reviewed. */
function ReviewFilters({ filters, change }: ReviewFiltersProps) {
  return (
    <>
      <WordChoice
        label="Review"
        value={filters.rating ?? filters.review}
        words={reviewWords}
        onChange={(value) =>
          change({
            review: reviewStatuses.find((status) => status === value) ?? null,
            rating: ratings.find((rating) => rating === value) ?? null,
          })
        }
      />
      <WordChoice
        label="Score"
        value={filters.score ?? filters.scoring}
        words={scoreWords}
        onChange={(value) =>
          change({
            score: scoreBandNames.find((band) => band === value) ?? null,
            scoring: scoringStates.find((state) => state === value) ?? null,
          })
        }
      />
    </>
  );
}

type WordChoiceProps<Value extends string> = {
  label: string;
  value: Value | null;
  words: Record<Value, string>;
  onChange: (value: Value | null) => void;
};

function WordChoice<Value extends string>({ label, value, words, onChange }: WordChoiceProps<Value>) {
  const values = Object.keys(words) as Value[];
  return (
    <Select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(values.find((each) => each === event.target.value) ?? null)}
      className="w-auto max-w-44"
    >
      <option value="">{label}: any</option>
      {values.map((each) => (
        <option key={each} value={each}>
          {label}: {words[each]}
        </option>
      ))}
    </Select>
  );
}

type ChoiceProps = {
  label: string;
  value: string;
  options: readonly string[];
  onChange: (value: string | null) => void;
};

function Choice({ label, value, options, onChange }: ChoiceProps) {
  // What the address names stays choosable, even when no session has it any more.
  const shown = value && !options.includes(value) ? [value, ...options] : options;
  return (
    <Select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value || null)}
      className="w-auto max-w-44"
    >
      <option value="">{label}: any</option>
      {shown.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </Select>
  );
}

const CUSTOM = 'custom';
const toLocalInput = (date: Date | null): string => {
  if (!date) return '';
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

type TimeFilterProps = {
  filters: SessionFilters;
  change: (part: { range?: SessionFilters['range']; from?: Date | null; to?: Date | null }) => void;
};

function TimeFilter({ filters, change }: TimeFilterProps) {
  const custom = filters.range === null && (filters.from !== null || filters.to !== null);
  return (
    <>
      <Select
        aria-label="Received"
        value={custom ? CUSTOM : (filters.range ?? '')}
        onChange={(event) => {
          const range = timeRanges.find((each) => each === event.target.value) ?? null;
          const from = event.target.value === CUSTOM ? new Date(Date.now() - 86_400_000) : null;
          change({ range, from, to: null });
        }}
        className="w-auto"
      >
        <option value="">Received: any time</option>
        {timeRanges.map((range) => (
          <option key={range} value={range}>
            {timeRangeLabels[range]}
          </option>
        ))}
        <option value={CUSTOM}>Between…</option>
      </Select>
      {custom ? (
        <span className="flex flex-wrap items-center gap-1">
          <Input
            type="datetime-local"
            aria-label="From"
            value={toLocalInput(filters.from)}
            onChange={(event) => change({ from: event.target.value ? new Date(event.target.value) : null })}
            className="w-auto"
          />
          <Input
            type="datetime-local"
            aria-label="To"
            value={toLocalInput(filters.to)}
            onChange={(event) => change({ to: event.target.value ? new Date(event.target.value) : null })}
            className="w-auto"
          />
        </span>
      ) : null}
    </>
  );
}
