import { describe, expect, it } from 'vitest';
import { noFailures, planRestart } from './restart-delay.ts';
import { RESTART_FIRST_DELAY_MS, RESTART_MAX_DELAY_MS, RESTART_STABLE_MS } from './tunables.ts';

function delaysOf(runsMs: readonly number[]): number[] {
  let state = noFailures;
  return runsMs.map((ranMs) => {
    const plan = planRestart(state, { ranMs });
    state = plan.state;
    return plan.delayMs;
  });
}

describe('planRestart', () => {
  it('doubles the pause from the first to the longest and stays there for ever', () => {
    const delays = delaysOf(Array.from({ length: 2_000 }, () => 10));
    expect(delays.slice(0, 4)).toEqual([1, 2, 4, 8].map((factor) => factor * RESTART_FIRST_DELAY_MS));
    expect(delays.slice(10)).toEqual(delays.slice(10).map(() => RESTART_MAX_DELAY_MS));
  });

  it('starts over after a run that was long enough', () => {
    expect(delaysOf([10, 10, 10, RESTART_STABLE_MS, 10])).toEqual(
      [1, 2, 4, 1, 2].map((factor) => factor * RESTART_FIRST_DELAY_MS),
    );
  });

  it('does not forgive a run that was just too short', () => {
    expect(delaysOf([10, RESTART_STABLE_MS - 1])).toEqual([
      RESTART_FIRST_DELAY_MS,
      2 * RESTART_FIRST_DELAY_MS,
    ]);
  });
});
