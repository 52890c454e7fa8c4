import { AppError } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { IncomingAlert, WebhookResult } from '../schema.ts';
import { receiveAlert } from './receive-alert.ts';

/**
 * Takes the alerts of one payload, each durably on its own, in order. When the queue is full, repeats of known problems
 * are still taken; `refused` then says that new ones were not, and the sender shall deliver the payload again.
 */
export async function receiveWebhook(
  kernel: Kernel,
  options: { projectId: string; actor: string; alerts: IncomingAlert[] },
): Promise<WebhookResult & { refused: AppError | null }> {
  const alerts: WebhookResult['alerts'] = [];
  let refused: AppError | null = null;
  for (const alert of options.alerts) {
    try {
      const received = await receiveAlert(kernel, { ...options, alert });
      alerts.push({
        alertId: received.alertId,
        sessionId: received.sessionId,
        fingerprint: received.fingerprint,
        status: received.alertStatus,
        deduplicated: received.deduplicated,
      });
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'too_many_requests')) throw error;
      refused = error;
    }
  }
  return { alerts, refused };
}
