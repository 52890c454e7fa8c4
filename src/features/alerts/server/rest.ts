import { z } from 'zod';
import { actorName, personOf } from '#src/server/auth/principal.ts';
import { AppError, errorMessage } from '#src/server/errors.ts';
import { defineOperation, type Operation } from '#src/server/rest/define-operation.ts';
import { parseJsonBody } from '#src/server/rest/parse-json-body.ts';
import {
  acceptedAlertSchema,
  alertTypeSchema,
  defaultToolsInputSchema,
  defaultToolsSchema,
  postAlertSchema,
  webhookResultSchema,
} from '../schema.ts';
import { admitDelivery } from './admit-delivery.ts';
import { listAlertTypes } from './list-alert-types.ts';
import { fromPostAlert } from './normalise-alert.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { readDefaultTools } from './read-default-tools.ts';
import { receiveAlert } from './receive-alert.ts';
import { receiveWebhook } from './receive-webhook.ts';
import { type FetchFromAmazon, fetchFromAmazon } from './webhooks/fetch-from-amazon.ts';
import { proveWebhook } from './webhooks/prove-webhook.ts';
import { readWebhook, webhookBodySchema, webhookSourceSchema } from './webhooks/read-webhook.ts';
import { createSnsReceiver } from './webhooks/receive-sns.ts';

/** One for all ways in: a sender's deliveries count together. */
const rateLimiter = createRateLimiter();

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
    429: { description: 'The queue is full, or the sender over its rate; see Retry-After.' },
  },
  async handle({ kernel, principal, projectId }, { body }) {
    admitDelivery(kernel, rateLimiter, principal);
    const received = await receiveAlert(kernel, {
      projectId,
      actor: actorName(principal),
      actorId: personOf(principal),
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

/** The webhooks of every source; `fetchFromAmazon` is how certificates and confirmations of SNS are reached. */
export function createWebhookOperation(fetchText: FetchFromAmazon): Operation {
  const receiveSns = createSnsReceiver(fetchText);
  return defineOperation({
    method: 'post',
    path: '/webhooks/{source}',
    tag: 'alerts',
    summary: "Deliver a monitoring system's own webhook payload; one entry per alert in it.",
    access: 'alerts',
    params: z.object({ source: webhookSourceSchema }),
    body: webhookBodySchema,
    rawBody: true,
    asksForPassword: true,
    proof: (kernel, { params, headers }) => proveWebhook(kernel, { source: params.source, headers }),
    responses: {
      202: { description: 'Accepted, alert by alert.', schema: webhookResultSchema },
      429: { description: 'The sender is over its rate; see Retry-After.' },
      503: {
        description:
          'The queue is full and only repeats of known problems were taken, or Amazon could not be asked. Deliver it again; see Retry-After.',
      },
    },
    async handle({ kernel, principal, projectId, log, signal }, { params: { source }, raw }) {
      admitDelivery(kernel, rateLimiter, principal);
      const alerts =
        source === 'cloudwatch'
          ? await receiveSns(kernel, { raw, signal })
          : readWebhook(source, parseJsonBody(raw));
      const result = await receiveWebhook(kernel, { projectId, actor: actorName(principal), alerts });
      if (!result.refused) return { status: 202, body: { alerts: result.alerts } };
      log.warn({ taken: result.alerts.length }, 'queue full: webhook taken in part');
      throw new AppError('unavailable', errorMessage(result.refused), {
        ...(result.refused.retryAfterSeconds === undefined
          ? {}
          : { retryAfterSeconds: result.refused.retryAfterSeconds }),
      });
    },
  });
}

const alertTypes = defineOperation({
  method: 'get',
  path: '/alert-types',
  tag: 'alerts',
  summary: 'List the alert types that chains name, and the chain of each',
  access: 'viewer',
  responses: {
    200: {
      description: 'All of them; other types go to the default chain',
      schema: z.object({ items: z.array(alertTypeSchema), nextCursor: z.null() }),
    },
  },
  handle: async ({ kernel }) => ({
    status: 200,
    body: { items: listAlertTypes(kernel), nextCursor: null },
  }),
});

const defaultTools = defineOperation({
  method: 'get',
  path: '/system/default-tools',
  tag: 'alerts',
  summary:
    'Show the MCP servers and tools, and which of them an alert of a type is investigated with unless it names its own',
  access: 'viewer',
  query: defaultToolsInputSchema,
  responses: { 200: { description: 'Every configured server', schema: defaultToolsSchema } },
  handle: async ({ kernel, principal }, { query }) => ({
    status: 200,
    body: await readDefaultTools(kernel, { alertType: query.alertType, reader: personOf(principal) }),
  }),
});

export const alertOperations = [alertTypes, defaultTools, postAlert, createWebhookOperation(fetchFromAmazon)];
