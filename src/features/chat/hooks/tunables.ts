/** While somebody writes, the others are told at most this often; the server takes no more. */
export const TELL_TYPING_MS = 2_500;
/** Somebody who was heard of longer ago does not write any more. */
export const TYPING_SHOWN_MS = 6_000;
