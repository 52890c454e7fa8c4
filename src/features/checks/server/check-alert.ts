import type { IncomingAlert } from '#src/features/alerts/schema.ts';
import type { CheckConfig } from '#src/server/config/index.ts';

/** Checks without a type of their own; a chain may claim it. */
export const CHECK_ALERT_TYPE = 'check';

/** Under which label a check's sessions are found. */
const CHECK_LABEL = 'check';

/** The alert that nobody sent. No fingerprint: each run is one of its own, what it finds is compared afterwards. */
export const checkAlert = (name: string, check: CheckConfig): IncomingAlert => ({
  source: 'check',
  status: 'firing',
  alertType: check.alertType ?? CHECK_ALERT_TYPE,
  title: checkTitle(name, check),
  severity: check.severity,
  fingerprint: null,
  labels: { ...check.labels, [CHECK_LABEL]: name },
  annotations: {},
  data: check.question,
  startsAt: null,
  runbook: check.runbook ?? null,
  mcp: check.mcp ?? null,
  idempotencyKey: null,
});

export const checkTitle = (name: string, check: Pick<CheckConfig, 'title'>): string =>
  check.title ?? `Check ${name}`;
