/** The list is read again this often: runs end by themselves. */
export const REFRESH_MS = 5_000;
