import type { IncomingAlert } from '../../schema.ts';

/** What a monitoring system says in one event, with the rest of an incoming alert left as "not given". */
export function makeAlert(
  given: Pick<IncomingAlert, 'source' | 'status' | 'fingerprint'> & Partial<IncomingAlert>,
): IncomingAlert {
  return {
    alertType: null,
    title: null,
    severity: null,
    labels: {},
    annotations: {},
    data: '',
    startsAt: null,
    runbook: null,
    mcp: null,
    idempotencyKey: null,
    ...given,
  };
}

/** Facts as the agent reads them, without those that were not given. */
export const asData = (facts: Record<string, unknown>): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== null)),
    null,
    2,
  );

/** Labels that were given: nothing is not a value. */
export const givenLabels = (
  labels: Record<string, string | number | null | undefined>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(labels).flatMap(([name, value]) =>
      value === null || value === undefined || value === '' ? [] : [[name, String(value)]],
    ),
  );

/** ISO 8601 of a time as senders write it; null when it cannot be read. */
export function asIsoTime(value: string | number | null | undefined): string | null {
  if (value === null || value === undefined || value === '') return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
