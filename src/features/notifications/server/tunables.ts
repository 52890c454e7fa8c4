/** Slack cuts a section of text at 3,000 characters. */
export const MESSAGE_MAX_CHARS = 2_900;
/** Of a call's arguments in a message that asks for its approval; all of them are on the page. */
export const ARGUMENTS_MAX_CHARS = 1_500;
/** Lines of an analysis that stand in for a missing summary. */
export const SUMMARY_LINES = 6;
/** Posting one message. */
export const POST_TIMEOUT_MS = 10_000;
/** Looking for the message that a thread hangs on, all pages together; a message without a thread beats a late one. */
export const LOOKUP_TIMEOUT_MS = 5_000;
/** How far back a channel is searched, and how long a problem keeps its thread (milliseconds). */
export const THREAD_WINDOW_MS = 24 * 60 * 60_000;
export const HISTORY_PAGES = 5;
export const HISTORY_PAGE_SIZE = 200;
/** Pages of 1,000 channels each in which a channel's name is looked up. */
export const CHANNEL_PAGES = 5;
export const CHANNEL_PAGE_SIZE = 1_000;
/** A message that is this old and still not sent says nothing new to anybody. */
export const DELIVERY_WINDOW_MS = 6 * 60 * 60_000;
/** Without a Retry-After, and at most (milliseconds). */
export const RATE_LIMIT_PAUSE_MS = 30_000;
export const RATE_LIMIT_MAX_PAUSE_MS = 15 * 60_000;
/** A message that waits this long without a job has lost it with a worker that died at the last attempt. */
export const STRANDED_AFTER_MS = 2 * 60_000;
/** The system page tells of the last day, so that it never reads the whole table. */
export const STATE_WINDOW_MS = 24 * 60 * 60_000;
/** Notifications shown on the system page. */
export const STATE_LIMIT = 10;
/** Text of an error as kept with a notification (characters). */
export const ERROR_MAX_CHARS = 500;
/** `tars notify test`, all its calls together. */
export const TEST_TIMEOUT_MS = 20_000;
