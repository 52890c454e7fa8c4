/** Milliseconds of the machine's monotonic clock: the same for all processes of one machine, and never set back. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
