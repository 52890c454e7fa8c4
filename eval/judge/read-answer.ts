import { normalise } from './normalise.ts';

/** The parts of a final analysis that expectations name. Each is normalised. */
export type AnswerParts = {
  /** What stands before the first heading: the sentence with the cause. */
  headline: string;
  /** The headline and the section on the root cause: what the answer holds to be true. */
  conclusion: string;
  /** Everything, evidence, suggestions and what was ruled out included. */
  answer: string;
  confidence: 'low' | 'medium' | 'high' | null;
};

const HEADING = /^#{1,6}\s+(.*)$/;
/** Headings whose text states the outcome; an answer in another shape may use one of these. */
const CAUSE_HEADING = /root cause|cause|conclusion|summary|diagnosis|finding/i;

/** Splits an analysis by its headings. An answer without any is its own conclusion. */
export function readAnswer(analysis: string): AnswerParts {
  const sections: { title: string; lines: string[] }[] = [{ title: '', lines: [] }];
  for (const line of analysis.split('\n')) {
    const title = HEADING.exec(line)?.[1];
    if (title === undefined) sections.at(-1)?.lines.push(line);
    else sections.push({ title, lines: [] });
  }
  const textOf = (wanted: (title: string) => boolean) =>
    sections
      .filter(({ title }) => wanted(title))
      .map(({ lines }) => lines.join('\n'))
      .join('\n');
  const causes = textOf((title) => CAUSE_HEADING.test(title));
  const opening = textOf((title) => title === '');
  const headline = opening.trim() === '' ? (causes.trim().split('\n\n')[0] ?? '') : opening;
  return {
    headline: normalise(headline),
    conclusion: normalise(`${opening}\n${causes}`),
    answer: normalise(analysis),
    confidence: readConfidence(
      textOf((title) => /confidence/i.test(title)),
      analysis,
    ),
  };
}

function readConfidence(section: string, analysis: string): AnswerParts['confidence'] {
  const word =
    /^\W*(low|medium|high)\b/.exec(normalise(section)) ??
    /confidence\W{1,8}(?:is\s+)?(low|medium|high)\b/.exec(normalise(analysis));
  switch (word?.[1]) {
    case 'low':
    case 'medium':
    case 'high':
      return word[1];
    default:
      return null;
  }
}
