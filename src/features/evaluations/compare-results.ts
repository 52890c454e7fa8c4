import { groupResults, type ScenarioResults } from './group-results.ts';
import type { Difficulty, EvaluationResult } from './schema.ts';

export type Change = 'better' | 'worse' | 'same' | 'only left' | 'only right';

/** A scenario in two evaluations. */
export type Comparison = {
  name: string;
  title: string;
  difficulty: Difficulty;
  left: ScenarioResults | null;
  right: ScenarioResults | null;
  change: Change;
};

/** Two evaluations scenario by scenario: those that got worse first, then better ones, then the rest. */
export function compareResults(
  left: readonly EvaluationResult[],
  right: readonly EvaluationResult[],
): Comparison[] {
  const before = groupResults(left);
  const after = groupResults(right);
  const byName = (list: readonly ScenarioResults[], name: string) =>
    list.find((group) => group.name === name) ?? null;
  const onlyAfter = after.filter(({ name }) => !byName(before, name));
  return [...before, ...onlyAfter]
    .map(({ name, title, difficulty }): Comparison => {
      const pair = { left: byName(before, name), right: byName(after, name) };
      return { name, title, difficulty, ...pair, change: changeOf(pair.left, pair.right) };
    })
    .sort((a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change));
}

const ORDER: readonly Change[] = ['worse', 'better', 'only left', 'only right', 'same'];

function changeOf(left: ScenarioResults | null, right: ScenarioResults | null): Change {
  if (!left) return 'only right';
  if (!right) return 'only left';
  const difference = shareOf(right) - shareOf(left);
  if (difference === 0) return 'same';
  return difference > 0 ? 'better' : 'worse';
}

const shareOf = ({ passed, attempts }: ScenarioResults): number => passed / attempts.length;
