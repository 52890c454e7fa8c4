/** One line of a table; the whole answer is in the session. */
export const SUMMARY_MAX_CHARS = 300;
/** Findings of the last run that a new run is shown, so that it names them alike. */
export const KNOWN_FINDINGS_SHOWN = 30;
/** Of a masked name's digest in a key: enough to tell the names of one installation apart. */
export const DIGEST_CHARS = 12;
