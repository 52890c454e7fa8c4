import { RESTART_FIRST_DELAY_MS, RESTART_MAX_DELAY_MS, RESTART_STABLE_MS } from './tunables.ts';

export type RestartState = { failures: number };

export const noFailures: RestartState = { failures: 0 };

/**
 * What to do after a process ended by itself: how long to wait before the next start (doubling from
 * `RESTART_FIRST_DELAY_MS` to `RESTART_MAX_DELAY_MS`), and the state for the next time. A run of `RESTART_STABLE_MS`
 * or more forgives what was before.
 */
export function planRestart(
  state: RestartState,
  run: { ranMs: number },
): { delayMs: number; state: RestartState } {
  const before = run.ranMs >= RESTART_STABLE_MS ? 0 : state.failures;
  const delayMs = Math.min(RESTART_MAX_DELAY_MS, RESTART_FIRST_DELAY_MS * 2 ** Math.min(before, 30));
  return { delayMs, state: { failures: before + 1 } };
}
