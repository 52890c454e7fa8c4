/** Why an answer has no short summary, as sentences; the error is one, or only a part of one. */
export const describeNoSummary = (error: string): string =>
  `There is no short summary: ${error.trim().replace(/[.:]+$/, '')}. The analysis below is complete.`;
