import { isUsableRunbook } from '#src/features/runbooks/server/index.ts';
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
      const received = await receiveAlert(kernel, { ...options, alert: withAnnotatedRunbook(kernel, alert) });
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

/** Where rules name their runbook by convention. */
const RUNBOOK_ANNOTATIONS = ['runbook_url', 'runbook'];

/**
 * The alert with the runbook that its rule names, where that may be fetched. Most rules name a public page that is not
 * allow-listed: that is no mistake of the sender, and the agent still reads the address.
 */
function withAnnotatedRunbook(kernel: Kernel, alert: IncomingAlert): IncomingAlert {
  if (alert.runbook !== null) return alert;
  const named = RUNBOOK_ANNOTATIONS.map((name) => alert.annotations[name]);
  const usable = named.find((address) => address !== undefined && isUsableRunbook(kernel, address));
  return usable === undefined ? alert : { ...alert, runbook: usable };
}
