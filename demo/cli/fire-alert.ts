import type { ApiClient } from '#src/cli/api-client.ts';
import { webhookResultSchema } from '#src/features/alerts/schema.ts';
import { StartError } from '#src/server/start-error.ts';
import type { AlertmanagerPayload } from '../incidents/index.ts';

/**
 * Delivers a payload through the real webhook and returns the session that investigates it. When the same problem is
 * still open from an earlier start of the demo, it is resolved first, as Alertmanager would, so that a new one begins.
 */
export async function fireAlert(api: ApiClient, payload: AlertmanagerPayload): Promise<string> {
  const deliver = (body: AlertmanagerPayload) =>
    api.post('/webhooks/alertmanager', body, webhookResultSchema);
  let result = await deliver(payload);
  if (result.alerts.some((alert) => alert.deduplicated)) {
    await deliver(resolved(payload));
    result = await deliver(payload);
  }
  const sessionId = result.alerts[0]?.sessionId;
  if (!sessionId) throw new StartError('The alert was taken, but no investigation began.');
  return sessionId;
}

function resolved(payload: AlertmanagerPayload): AlertmanagerPayload {
  const endsAt = new Date().toISOString();
  return {
    ...payload,
    status: 'resolved',
    alerts: payload.alerts.map((alert) => ({ ...alert, status: 'resolved' as const, endsAt })),
  };
}
