/** How long a looked-up key or membership is believed where nobody says that it has changed. */
export const PRINCIPAL_CACHE_MS = 2_000;
/** Cached principals per process; the oldest goes first. Bounds memory under a flood of invented keys. */
export const PRINCIPAL_CACHE_SIZE = 2_000;
/** `last_used_at` of a key is written at most this often, so that intake costs no write of it per request. */
export const KEY_TOUCH_INTERVAL_MS = 60_000;
/** A sign-in lasts this long after its last renewal; the cookie and its token carry the same bound. */
export const SIGN_IN_MAX_AGE_SECONDS = 30 * 24 * 3600;
/** A one-time link works this long: time to copy it from a terminal, not to leak from a log. */
export const LOGIN_LINK_TTL_MS = 15 * 60_000;
/** Bytes of a form posted to the sign-in endpoints. */
export const SIGN_IN_BODY_MAX_BYTES = 16_384;
/** A call to GitHub during sign-in. */
export const GITHUB_TIMEOUT_MS = 10_000;
