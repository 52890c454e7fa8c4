import type { Failure } from '#src/features/evaluations/schema.ts';
import type { Expectation } from '../scenario/scenario-schema.ts';
import { describeTexts } from './describe-expectation.ts';
import { readAnswer } from './read-answer.ts';

const PLACE = { headline: 'the headline', conclusion: 'the conclusion', answer: 'the answer' } as const;

/** What an answer leaves out or says although it must not. */
export function checkStatements(
  expect: Pick<Expectation, 'required' | 'forbidden'>,
  analysis: string,
): Failure[] {
  const parts = readAnswer(analysis);
  const missing = expect.required
    .filter((statement) => !statement.any.some((pattern) => pattern.matches(parts[statement.in])))
    .map((statement): Failure => {
      const wanted = statement.say ?? describeTexts(statement.any);
      return { kind: 'missing', message: `Not said in ${PLACE[statement.in]}: ${wanted}.` };
    });
  const said = expect.forbidden.flatMap((statement): Failure[] => {
    const found = statement.any.find((pattern) => pattern.matches(parts[statement.in]));
    if (!found) return [];
    const words = statement.say ?? describeTexts([found]);
    return [
      { kind: 'forbidden', message: `Said in ${PLACE[statement.in]} although it must not be: ${words}.` },
    ];
  });
  return [...missing, ...said];
}
