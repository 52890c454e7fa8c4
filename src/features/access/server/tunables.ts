/** Members of one project in a list; more than any team has. */
export const MEMBERS_MAX = 1_000;
/** Keys of one project in a list; nobody reads more, and revoked ones pile up at the end. */
export const KEYS_MAX = 500;
/** People who wait to be let in, the latest first: a stranger's account may be among them, so they are not collected for ever. */
export const WAITING_MAX = 20;
/** Entries of the history that are shown. */
export const HISTORY_MAX = 100;
/** First characters of a key that stay readable: enough to recognise it, useless to guess the rest. */
export const PREFIX_LENGTH = 12;
