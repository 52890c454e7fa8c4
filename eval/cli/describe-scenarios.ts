import { formatTable } from '#src/cli/output.ts';
import type { Scenario } from '../scenario/scenario-schema.ts';

/** Scenarios as `--list --json` gives them. */
export const listScenarios = (scenarios: readonly Scenario[]) => ({
  scenarios: scenarios.map(({ name, title, description, difficulty, axes }) => ({
    name,
    title,
    description,
    difficulty,
    axes,
  })),
});

export const describeScenarios = (scenarios: readonly Scenario[]): string[] =>
  formatTable(
    scenarios.map(({ name, title, difficulty, axes }) => [difficulty, name, axes.join(', '), title]),
  );
