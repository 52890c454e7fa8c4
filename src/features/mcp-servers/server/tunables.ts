/** From the button to the way back: as long as a person may need for a consent page with a second factor. */
export const SIGN_IN_LIFETIME_MS = 10 * 60_000;
/** A sign-in that came too late is still known as such for this long. */
export const SIGN_IN_KEPT_MS = 24 * 60 * 60_000;

/** All requests of one exchange with an authorization server. Below the time that the database lets a transaction idle. */
export const AUTHORIZATION_LIMIT_MS = 8_000;
/** Finding an authorization server and registering with it may take several requests; no transaction waits for it. */
export const DISCOVERY_LIMIT_MS = 20_000;
/** Metadata and token answers are small (bytes). */
export const AUTHORIZATION_MAX_BYTES = 512 * 1024;

/** A token is renewed this long before it runs out, so that it does not run out on its way. */
export const RENEW_BEFORE_MS = 30_000;
/** Somebody else renews: how often to look whether it is done, and for how long. */
export const RENEW_POLL_MS = 100;
export const RENEW_WAIT_MS = 20_000;

/** Tokens that one connection remembers in order to hide them: the newest, and those of calls under way. */
export const HIDDEN_TOKENS = 8;

/** Newest entries of a server's history that are shown. */
export const HISTORY_LIMIT = 5;

/** Sign-ins that authorization servers are told of at the same time, when all of a server are forgotten. */
export const REVOCATIONS_AT_ONCE = 8;
