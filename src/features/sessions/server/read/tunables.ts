/** Waiting sessions shown on the first page; the rest is counted. */
export const ACTIVE_QUEUE_LIMIT = 50;
/** Running ones are bounded by `queue.maxRunningSessions`; this bounds a page of an installation with a huge limit. */
export const ACTIVE_RUNNING_LIMIT = 200;
/** Events of one answer: with deltas of a few hundred bytes that is a few hundred kB. */
export const EVENTS_LIMIT_MAX = 1000;
/** Words of a search that are looked at; more make it no more exact and cost index look-ups. */
export const SEARCH_WORDS_MAX = 12;
/** A timeline page: items carry their content, so fewer than of slim rows. */
export const TIMELINE_LIMIT_MAX = 500;
export const TIMELINE_LIMIT_DEFAULT = 100;
/** A trace page ends early when it holds this much JSON (characters): each model call repeats its conversation. */
export const TRACE_PAGE_CHARS = 2_000_000;
/** A slice of a spilled output (characters). */
export const OUTPUT_SLICE_DEFAULT = 50_000;
export const OUTPUT_SLICE_MAX = 500_000;
/** Deliveries of an alert that are listed, newest first; the rest is counted. */
export const DELIVERIES_LIMIT = 200;
/** Values offered by one filter. */
export const FILTER_OPTIONS_LIMIT = 200;
/**
 * Sessions that are looked at for each row of a page before the text index is asked: texts that more than one in eight
 * sessions hold are answered from these. Looking at one takes some 10 µs, more when its text is long.
 */
export const SEARCH_WINDOW_PER_ROW = 8;
/** The same once the first look has shown how frequent the text is. For one still rarer the text index is faster. */
export const SEARCH_WINDOW_PER_ROW_MAX = 40;
/** How much wider the second look is than what the first makes expect, since hits are not evenly spread. */
export const SEARCH_WINDOW_MARGIN = 1.5;
