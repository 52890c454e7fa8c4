import { z } from 'zod';
import { actorName } from '#src/server/auth/principal.ts';
import { AppError, errorMessage } from '#src/server/errors.ts';
import { defineOperation } from '#src/server/rest/define-operation.ts';
import { acceptedAlertSchema, alertmanagerSchema, postAlertSchema, webhookResultSchema } from '../schema.ts';
import { fromAlertmanager, fromPostAlert } from './normalise-alert.ts';
import { receiveAlert } from './receive-alert.ts';
import { receiveWebhook } from './receive-webhook.ts';

const postAlert = defineOperation({
  method: 'post',
  path: '/alerts',
  tag: 'alerts',
  summary: 'Deliver an alert. It is stored with its session before the answer is sent.',
  access: 'alerts',
  body: postAlertSchema,
  responses: {
    202: {
      description: 'Accepted; the investigation is queued, or the alert was merged.',
      schema: acceptedAlertSchema,
    },
    429: { description: 'The queue is full; see Retry-After.' },
  },
  async handle({ kernel, principal, projectId }, { body }) {
    const received = await receiveAlert(kernel, {
      projectId,
      actor: actorName(principal),
      alert: fromPostAlert(body),
    });
    return {
      status: 202,
      body: {
        sessionId: received.sessionId,
        alertId: received.alertId,
        status: received.sessionStatus,
        deduplicated: received.deduplicated,
      },
    };
  },
});

const postWebhook = defineOperation({
  method: 'post',
  path: '/webhooks/{source}',
  tag: 'alerts',
  summary: "Deliver a monitoring system's own webhook payload; one entry per alert in it.",
  access: 'alerts',
  params: z.object({ source: z.literal('alertmanager') }),
  body: alertmanagerSchema,
  responses: {
    202: { description: 'Accepted, alert by alert.', schema: webhookResultSchema },
    503: {
      description:
        'The queue is full: only repeats of known problems were taken. Deliver it again; see Retry-After.',
    },
  },
  async handle({ kernel, principal, projectId, log }, { body }) {
    const result = await receiveWebhook(kernel, {
      projectId,
      actor: actorName(principal),
      alerts: fromAlertmanager(body),
    });
    if (!result.refused) return { status: 202, body: { alerts: result.alerts } };
    log.warn({ taken: result.alerts.length }, 'queue full: webhook taken in part');
    throw new AppError('unavailable', errorMessage(result.refused), {
      ...(result.refused.retryAfterSeconds === undefined
        ? {}
        : { retryAfterSeconds: result.refused.retryAfterSeconds }),
    });
  },
});

export const alertOperations = [postAlert, postWebhook];
