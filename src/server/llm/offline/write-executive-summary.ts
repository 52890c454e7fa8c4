import { readAnalyses, sectionOf } from './read-analysis.ts';

/** Two to four sentences for someone who decides: what is wrong, how sure that is, what happens next. */
export function writeExecutiveSummary(input: string): string {
  const analysis = readAnalyses(input).at(-1);
  const answer = analysis?.answer || firstSentence(input);
  if (answer === '') return 'There is no analysis to summarise.';
  const step = analysis ? firstStep(sectionOf(analysis, 'what to do')) : '';
  const confidence = analysis ? (sectionOf(analysis, 'confidence').match(/\*\*(\w+)\*\*/)?.[1] ?? '') : '';
  return [
    answer,
    step === '' ? '' : `Next step: ${step}`,
    confidence === '' ? '' : `Confidence is ${confidence}.`,
    'Summarised by rule (offline analyst, no language model).',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function firstStep(section: string): string {
  const line =
    section
      .split('\n')
      .find((item) => /^\d+\. /.test(item))
      ?.replace(/^\d+\. /, '')
      .trim() ?? '';
  return line === '' ? '' : line.replace(/[:;,]$/, '').replace(/([^.])$/, '$1.');
}

function firstSentence(text: string): string {
  const line =
    text
      .split('\n')
      .map((item) => item.trim())
      .find((item) => item !== '' && !/^[#<*`=-]/.test(item)) ?? '';
  return line.slice(0, 400);
}
