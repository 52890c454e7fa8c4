/** One line of a table; the whole answer is in the session. */
export const SUMMARY_MAX_CHARS = 300;
/** Findings of the last run that a new run is shown, so that it names them alike. */
export const KNOWN_FINDINGS_SHOWN = 30;
