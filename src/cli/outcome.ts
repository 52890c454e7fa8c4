/** What a finished command says about itself: its exit code, null while it goes on running. */
export type Outcome = { set(exitCode: number | null): void };
