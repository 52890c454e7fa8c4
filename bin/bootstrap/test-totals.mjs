/**
 * Totals of vitest's JSON report. A run that failed without a failed test (a file that cannot be loaded, an error after
 * the tests, no report at all) counts as one failure, so that it never looks green.
 */
export const countVitest = (report, exitCode) =>
  atLeastOneFailure({ passed: report?.numPassedTests ?? 0, failed: report?.numFailedTests ?? 0 }, exitCode);

/** Totals of Playwright's JSON report; a test that passed only when repeated counts as passed. */
export const countPlaywright = (report, exitCode) =>
  atLeastOneFailure(
    {
      passed: (report?.stats?.expected ?? 0) + (report?.stats?.flaky ?? 0),
      failed: report?.stats?.unexpected ?? 0,
    },
    exitCode,
  );

const atLeastOneFailure = (totals, exitCode) =>
  exitCode !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals;

export const addTotals = (all) =>
  all.reduce((sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }), {
    passed: 0,
    failed: 0,
  });

export const formatTotals = ({ passed, failed }) => `${passed} passed, ${failed} failed`;
