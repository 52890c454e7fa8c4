import { type Config, resolveAlertMasking } from '#src/server/config/index.ts';
import { createMasker } from '#src/server/masking/index.ts';
import type { IncomingAlert } from '../schema.ts';

/**
 * The alert without secrets. Labels and annotations are masked value by value; the payload as a whole. What identifies
 * it (fingerprint, idempotency key) stays exact: it is compared, never shown to a model.
 */
export function maskAlert(config: Config, alert: IncomingAlert): IncomingAlert {
  const masker = createMasker(resolveAlertMasking(config));
  const maskValues = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, masker.text(value)]));
  return {
    ...alert,
    title: masker.text(alert.title),
    labels: maskValues(alert.labels),
    annotations: maskValues(alert.annotations),
    data: masker.text(alert.data),
  };
}
