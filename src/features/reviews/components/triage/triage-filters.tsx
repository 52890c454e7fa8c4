import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useTRPC } from '#src/components/data/trpc.ts';
import { useProject } from '#src/components/frame/project-context.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Select } from '#src/components/ui/field.tsx';
import { ratings } from '#src/features/sessions/schema.ts';
import { ratingLooks } from '../review-badge.tsx';
import { isFiltered, ME, type SetTriageFilters, type TriageFilters } from './use-triage-filters.ts';

type Props = { project: string; filters: TriageFilters; setFilters: SetTriageFilters };

export function TriageFilterBar({ project, filters, setFilters }: Props) {
  const trpc = useTRPC();
  const { userName } = useProject();
  const options = useQuery(trpc.sessions.filterOptions.queryOptions({ project }));
  const assignees = useQuery(trpc.reviews.assignees.queryOptions({ project }));
  const people = (assignees.data ?? []).filter((name) => name !== userName);
  return (
    <search className="flex flex-wrap items-center gap-2 border-b px-3 py-2 md:px-4">
      <Choice
        label="Assignee"
        value={filters.assignee}
        options={[[ME, 'me'], ...people.map((name): [string, string] => [name, name])]}
        onChange={(assignee) => void setFilters({ assignee })}
      />
      <Choice
        label="Alert type"
        value={filters.alertType}
        options={(options.data?.alertTypes ?? []).map((name) => [name, name])}
        onChange={(alertType) => void setFilters({ alertType })}
      />
      <Choice
        label="Rating"
        value={filters.rating ?? ''}
        options={ratings.map((rating) => [rating, ratingLooks[rating].word])}
        onChange={(value) => void setFilters({ rating: ratings.find((rating) => rating === value) ?? null })}
      />
      {isFiltered(filters) ? (
        <Button
          variant="ghost"
          size="sm"
          onClick={() => void setFilters({ assignee: null, alertType: null, rating: null })}
        >
          <X /> Clear
        </Button>
      ) : null}
    </search>
  );
}

type ChoiceProps = {
  label: string;
  value: string;
  options: readonly (readonly [value: string, word: string])[];
  onChange: (value: string | null) => void;
};

function Choice({ label, value, options, onChange }: ChoiceProps) {
  // What the address names stays choosable, even when the server does not offer it.
  const known = value === '' || options.some(([option]) => option === value);
  return (
    <Select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value || null)}
      className="w-auto max-w-44"
    >
      <option value="">{label}: any</option>
      {known ? null : <option value={value}>{value}</option>}
      {options.map(([option, word]) => (
        <option key={option} value={option}>
          {label}: {word}
        </option>
      ))}
    </Select>
  );
}
