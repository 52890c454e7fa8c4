'use client';
import { useProject } from '#src/components/frame/project-context.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Input, Select } from '#src/components/ui/field.tsx';
import type { RankBy } from '../schema.ts';
import { presetRange, usagePresetLabels, usagePresets } from './usage-range.ts';
import { isCustom, type SetUsageFilters, type UsageFilters } from './use-usage-filters.ts';

const CUSTOM = 'custom';
const rankLabels: Record<RankBy, string> = { cost: 'Cost', tokens: 'Tokens' };

export function UsageFilterBar({
  filters,
  setFilters,
}: {
  filters: UsageFilters;
  setFilters: SetUsageFilters;
}) {
  const { showsCosts } = useProject();
  const custom = isCustom(filters);
  const choose = (value: string) => {
    const preset = usagePresets.find((each) => each === value);
    if (preset) void setFilters({ range: preset, from: null, to: null });
    else void setFilters({ range: null, ...presetRange(filters.range ?? '30d', Date.now()) });
  };
  return (
    <search className="flex flex-wrap items-center gap-2 border-b px-3 py-2 md:px-4">
      <Select
        aria-label="Days"
        value={custom ? CUSTOM : (filters.range ?? '30d')}
        onChange={(event) => choose(event.target.value)}
        className="w-auto"
      >
        {usagePresets.map((preset) => (
          <option key={preset} value={preset}>
            {usagePresetLabels[preset]}
          </option>
        ))}
        <option value={CUSTOM}>Between…</option>
      </Select>
      {custom ? (
        <span className="flex flex-wrap items-center gap-1">
          <DayInput label="From" value={filters.from} onChange={(from) => void setFilters({ from })} />
          <DayInput label="To" value={filters.to} onChange={(to) => void setFilters({ to })} />
        </span>
      ) : null}
      {showsCosts ? (
        <fieldset className="flex items-center gap-1">
          <legend className="sr-only">Order and chart by</legend>
          {(['cost', 'tokens'] as const).map((by) => (
            <Button
              key={by}
              variant={filters.by === by ? 'secondary' : 'ghost'}
              aria-pressed={filters.by === by}
              onClick={() => void setFilters({ by })}
            >
              {rankLabels[by]}
            </Button>
          ))}
        </fieldset>
      ) : null}
      <span className="text-dim text-xs">Days are UTC.</span>
    </search>
  );
}

function DayInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | null;
  onChange: (value: string | null) => void;
}) {
  return (
    <Input
      type="date"
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || null)}
      className="w-auto"
    />
  );
}
