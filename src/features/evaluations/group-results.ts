import { DIFFICULTIES, type Difficulty, type EvaluationResult } from './schema.ts';

/** A scenario with its attempts in order. */
export type ScenarioResults = {
  name: string;
  title: string;
  difficulty: Difficulty;
  attempts: EvaluationResult[];
  passed: number;
};

/** The attempts by scenario, easiest first, then by name. */
export function groupResults(results: readonly EvaluationResult[]): ScenarioResults[] {
  const groups = Map.groupBy(results, ({ scenario }) => scenario);
  const rank = ({ difficulty }: ScenarioResults) => DIFFICULTIES.indexOf(difficulty);
  return [...groups.values()]
    .flatMap((attempts): ScenarioResults[] => {
      const [first] = attempts;
      if (!first) return [];
      const { scenario: name, title, difficulty } = first;
      const inOrder = attempts.toSorted((a, b) => a.attempt - b.attempt);
      const passed = attempts.filter((attempt) => attempt.passed).length;
      return [{ name, title, difficulty, attempts: inOrder, passed }];
    })
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}
