/** While somebody writes, the others are told this often; the server takes no more. */
export const TELL_TYPING_MS = 2_500;
/** Somebody who has not touched a key for this long does not write any more. */
export const TYPING_PAUSE_MS = 15_000;
/** Somebody who was heard of longer ago does not write any more: two in a row may be lost. */
export const TYPING_SHOWN_MS = 6_000;
