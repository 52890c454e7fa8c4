import type { DecisionInput } from '../schema.ts';

type Scope = DecisionInput['scope'];
type ScopeChoiceProps = { tool: string; value: Scope; onChange: (scope: Scope) => void };

/** For how much an approval holds; the wider one says plainly what it allows. */
export function ScopeChoice({ tool, value, onChange }: ScopeChoiceProps) {
  const choices: { scope: Scope; label: string; hint: string }[] = [
    { scope: 'once', label: 'This call only', hint: 'The next one asks again.' },
    {
      scope: 'session',
      label: 'For the rest of this session',
      hint: `${tool} with any arguments runs without asking again.`,
    },
  ];
  return (
    <fieldset className="grid gap-1">
      <legend className="sr-only">What the approval holds for</legend>
      {choices.map(({ scope, label, hint }) => (
        <label key={scope} className="flex items-start gap-2 rounded-md px-1 py-1 hover:bg-raised">
          <input
            type="radio"
            name="scope"
            checked={value === scope}
            onChange={() => onChange(scope)}
            className="mt-1"
          />
          <span>
            <span className="font-medium">{label}</span>
            <span className="block text-dim text-xs">{hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
