/** Answers of a judge that cannot be read, or that contradict themselves, until the scoring fails. */
export const VERDICT_ATTEMPTS = 3;
export const VERDICT_MAX_OUTPUT_TOKENS = 4_000;
/** Share of the model's window for what the judge reads; the rest is for its own two answers and our estimate's error. */
export const JUDGE_CONTEXT_SHARE = 0.7;
export const CHARS_PER_TOKEN = 4;
/** Of what the judge reads, for alert, runbook and final analysis together; the timeline gets the rest. */
export const FIXED_PARTS_SHARE = 0.4;
/** An entry of the timeline is cut to this at most, and not below the other even when there are thousands. */
export const ENTRY_MAX_CHARS = 4_000;
export const ENTRY_MIN_CHARS = 160;
/** Scores that a session's history shows. */
export const SCORES_LIMIT = 50;
