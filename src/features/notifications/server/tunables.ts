/** Slack cuts a section of text at 3,000 characters. */
export const SLACK_MAX_CHARS = 2_900;
/** Mattermost refuses a post of more than 16,383 characters; nobody reads half of that in a channel. */
export const MATTERMOST_MAX_CHARS = 8_000;
/** Teams refuses about 28 KB for a message with everything around it (bytes of JSON). */
export const TEAMS_MAX_BYTES = 24_000;
/** Of each long text in a card, halved until it fits, and lines of a card altogether (characters, blocks). */
export const CARD_TEXT_MAX_CHARS = 4_000;
export const CARD_LINES_MAX = 80;
/** Of each long text, and of a call's arguments, in what a webhook is sent (characters). */
export const EVENT_TEXT_MAX_CHARS = 10_000;
export const EVENT_ARGUMENTS_MAX_CHARS = 20_000;
/** Of a call's arguments in a message that asks for its approval; all of them are on the page. */
export const ARGUMENTS_MAX_CHARS = 1_500;
/** Of what is one line in every message: alert type, severity, who decided (characters). */
export const SHORT_TEXT_MAX_CHARS = 200;
/** Lines of an analysis that stand in for a missing summary. */
export const SUMMARY_LINES = 6;
/** Posting one message. */
export const POST_TIMEOUT_MS = 10_000;
/** Read of an answer, a page of a channel being the longest (bytes). */
export const ANSWER_MAX_BYTES = 8_000_000;
/** Of a service's own reason for a refusal (characters). */
export const SAID_MAX_CHARS = 200;
/** Looking for the message that a thread hangs on, all pages together; a message without a thread beats a late one. */
export const LOOKUP_TIMEOUT_MS = 5_000;
/** How far back a channel is searched, and how long a problem keeps its thread (milliseconds). */
export const THREAD_WINDOW_MS = 24 * 60 * 60_000;
export const HISTORY_PAGES = 5;
/** The most that Slack and Mattermost give at a time. */
export const HISTORY_PAGE_SIZE = 200;
/** Pages of 1,000 channels each in which a channel's name is looked up. */
export const CHANNEL_PAGES = 5;
export const CHANNEL_PAGE_SIZE = 1_000;
/** A message that is this old and still not sent says nothing new to anybody. */
export const DELIVERY_WINDOW_MS = 6 * 60 * 60_000;
/** Without a Retry-After, and at most (milliseconds). */
export const RATE_LIMIT_PAUSE_MS = 30_000;
export const RATE_LIMIT_MAX_PAUSE_MS = 15 * 60_000;
/** Attempts after which a destination that puts a message off, perhaps by a second at a time, is treated as one that is down. */
export const PUT_OFF_MAX = 60;
/** A message that waits this long without a job has lost it with a worker that died at the last attempt. */
export const STRANDED_AFTER_MS = 2 * 60_000;
/** The system page tells of the last day, so that it never reads the whole table. */
export const STATE_WINDOW_MS = 24 * 60 * 60_000;
/** Notifications shown on the system page. */
export const STATE_LIMIT = 10;
/** Text of an error as kept with a notification (characters). */
export const ERROR_MAX_CHARS = 500;
/** A test message to one destination, all its calls together. */
export const TEST_TIMEOUT_MS = 20_000;

/** Dispatches of killed workers that one sweep takes up. */
export const SPENT_DISPATCHES_MAX = 100;
