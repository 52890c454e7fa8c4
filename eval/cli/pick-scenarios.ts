import { UsageError } from '#src/cli/cli-error.ts';
import type { Difficulty } from '#src/features/evaluations/schema.ts';
import type { Scenario } from '../scenario/scenario-schema.ts';

/** The scenarios that are wanted by name and difficulty. Throws `UsageError` for unknown names, and for none at all. */
export function pickScenarios(
  all: readonly Scenario[],
  wanted: { scenario?: readonly string[] | undefined; difficulty?: readonly Difficulty[] | undefined },
): Scenario[] {
  const names = all.map(({ name }) => name);
  const unknown = (wanted.scenario ?? []).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new UsageError(`--scenario: unknown ${unknown.join(', ')}; there are ${names.join(', ')}`);
  const picked = all.filter(
    ({ name, difficulty }) =>
      (wanted.scenario?.includes(name) ?? true) && (wanted.difficulty?.includes(difficulty) ?? true),
  );
  if (picked.length === 0) throw new UsageError('no scenario matches --scenario and --difficulty together');
  return picked;
}
