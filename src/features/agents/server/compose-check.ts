import type { CheckTask } from '#src/features/check-outcomes/server/index.ts';
import { formatOutcome, OUTCOME_HEADING } from '#src/lib/check-outcome.ts';
import { delimit } from './delimit.ts';

/** What is asked of the agents of a check, in place of the task of an alert. */
export const composeCheckTask = (check: CheckTask): string =>
  [
    `Nobody has alerted: this is the check "${check.name}", which TARS does by itself on a schedule. The data above says what to
look at. Look at all of it with your tools, not only until the first problem, and find every problem that is there now. What is over
is no problem; say when you are not sure. For each problem go on until you know its cause, as for an alert. Where nothing is
wrong, say so: that is a good answer, and you saw it if your tools showed it.`,
    `Answer in markdown: one sentence that says how many problems there are, or that all is well and what you looked at; then
"## Root cause" (a paragraph per problem; leave it out when there is none), "## Evidence", "## What to do now", "## Confidence".`,
    composeCheckOutcome(check),
  ].join('\n\n');

/** The last section of the answer, which TARS reads: notifications and the comparison with the last run rest on it. */
export function composeCheckOutcome(check: CheckTask): string {
  const parts = [
    `End the answer with this section, in exactly this form:
${formatOutcome({
  outcome: 'findings',
  summary: 'one plain line for a list',
  findings: [{ key: '<kind>/<namespace>/<name> <problem>', text: 'one plain line' }],
})}
The word is "findings" with one line per problem, "healthy" without lines when you saw that all is well, or "unknown" without lines
when you could not see enough to say ("${OUTCOME_HEADING}" is there in every case). The key names the workload, never one of its pods or a
time, and the problem in one or two words, so that the next run of this check would write the same key for the same problem.`,
  ];
  if (check.known.length > 0) {
    const known = check.known.map(({ key, text }) => `- \`${key}\`: ${text}`).join('\n');
    parts.push(
      'What the last run found. Use the same key for what is still there; what is gone is not listed again:',
      delimit('findings of the last run', known),
    );
  }
  return parts.join('\n\n');
}
