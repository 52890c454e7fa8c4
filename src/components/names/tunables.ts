/** Names come in with texts, and texts come many at a time: so long is waited for more before names are asked for again, in ms. */
export const ASK_AGAIN_DELAY_MS = 300;
