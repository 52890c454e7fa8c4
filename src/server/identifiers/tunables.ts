/** Values that a session keeps at most, for reading back. More are masked all the same; nobody can read those. */
export const MAX_KEPT_IDENTIFIERS = 5_000;

/** The longest host name there can be (RFC 1035). */
export const HOST_MAX_CHARS = 253;

/** How often a text is searched again after something was found in it, so that masking twice finds nothing new. */
export const MAX_SEARCH_ROUNDS = 4;

/** Unknown placeholders that a refusal names. */
export const NAMED_UNKNOWN_MAX = 5;
