/** How often a page asks again while an evaluation runs. */
export const REFRESH_MS = 3_000;
