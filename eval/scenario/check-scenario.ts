import { incidents } from '#demo/incidents/index.ts';
import type { PathProblem } from '#src/server/config/explain-issues.ts';
import { checkStatements } from '../judge/check-statements.ts';
import type { Scenario } from './scenario-schema.ts';

/** What the schema cannot say: names of incidents, and that the statements tell right answers from wrong ones. */
export function checkScenario(scenario: Scenario): PathProblem[] {
  return [...checkIncidents(scenario), ...checkExamples(scenario)];
}

function checkIncidents(scenario: Scenario): PathProblem[] {
  const known = incidents.map(({ id }) => id);
  return scenario.cluster.incidents.flatMap((id, index) =>
    known.includes(id)
      ? []
      : [
          {
            path: ['cluster', 'incidents', index],
            found: JSON.stringify(id),
            expected: `one of ${known.join(', ')}`,
          },
        ],
  );
}

function checkExamples({ expect, examples }: Scenario): PathProblem[] {
  const refusals = checkStatements(expect, examples.right);
  const right: PathProblem[] = refusals.map(({ message }) => ({
    path: ['examples', 'right'],
    found: `an answer that fails (${message})`,
    expected: 'one that the statements accept',
  }));
  const wrong = examples.wrong.flatMap((answer, index): PathProblem[] =>
    checkStatements(expect, answer).length > 0
      ? []
      : [
          {
            path: ['examples', 'wrong', index],
            found: 'an answer that passes',
            expected: 'statements under expect that refuse it',
          },
        ],
  );
  return [...right, ...wrong];
}
