import { z } from 'zod';
import { actorName, personOf } from '#src/server/auth/principal.ts';
import { idSchema } from '#src/server/ids.ts';
import { defineOperation, type Operation } from '#src/server/rest/define-operation.ts';
import {
  activeSessionsSchema,
  deliveryListSchema,
  filterOptionsSchema,
  listSessionsInputSchema,
  pageSchema,
  runStatusSchema,
  sessionEventSchema,
  sessionListItemSchema,
  sessionSchema,
  timelineItemSchema,
  toolSetHashSchema,
  toolSetSchema,
  traceItemSchema,
} from '../schema.ts';
import { cancelSession } from './cancel-session.ts';
import { eventsGone } from './read/describe-removed.ts';
import { readFilterOptions } from './read/filter-options.ts';
import { listActiveSessions } from './read/list-active.ts';
import { listDeliveries } from './read/list-deliveries.ts';
import { listSessions } from './read/list-sessions.ts';
import { readEvents } from './read/read-events.ts';
import { readImage } from './read/read-image.ts';
import { readOutput } from './read/read-output.ts';
import { readSession } from './read/read-session.ts';
import { readTimeline } from './read/read-timeline.ts';
import { readToolSet } from './read/read-tool-set.ts';
import { readTrace } from './read/read-trace.ts';
import { eventRangeSchema } from './read/request-schemas.ts';
import { revealNames, revealQuerySchema } from './read/reveal-names.ts';
import { TIMELINE_LIMIT_DEFAULT, TIMELINE_LIMIT_MAX } from './read/tunables.ts';
import { rerunSession } from './rerun-session.ts';

const tag = 'sessions';
const sessionParams = z.object({ id: idSchema });
const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

const timelinePageSchema = pageSchema.extend({
  limit: z.coerce.number().int().min(1).max(TIMELINE_LIMIT_MAX).default(TIMELINE_LIMIT_DEFAULT),
});

/** What a tool returned is not ours: no browser may take it for a page or run it. */
const FOREIGN = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
};

const list = defineOperation({
  method: 'get',
  path: '/sessions',
  summary: 'List sessions, newest first unless `sort` says otherwise',
  tag,
  access: 'viewer',
  query: listSessionsInputSchema,
  responses: { 200: { description: 'A page of sessions', schema: pageOf(sessionListItemSchema) } },
  handle: async ({ kernel, projectId }, { query }) => ({
    status: 200,
    body: await listSessions(kernel, { ...query, projectId }),
  }),
});

const active = defineOperation({
  method: 'get',
  path: '/sessions/active',
  summary: 'Show what runs, what waits for people, and what is queued with its place',
  tag,
  access: 'viewer',
  responses: { 200: { description: 'All that has not ended', schema: activeSessionsSchema } },
  handle: async ({ kernel, projectId }) => ({
    status: 200,
    body: await listActiveSessions(kernel, { projectId }),
  }),
});

const filterOptions = defineOperation({
  method: 'get',
  path: '/sessions/filter-options',
  summary: 'Show the values that sessions of the project have, for the filters of the list',
  tag,
  access: 'viewer',
  responses: { 200: { description: 'At most 200 of each', schema: filterOptionsSchema } },
  handle: async ({ kernel, projectId }) => ({
    status: 200,
    body: await readFilterOptions(kernel, { projectId }),
  }),
});

const deliveries = defineOperation({
  method: 'get',
  path: '/sessions/{id}/deliveries',
  summary: "List the deliveries of the session's alert: how often it came, and why each was counted on it",
  tag,
  access: 'viewer',
  params: sessionParams,
  responses: {
    200: { description: 'The newest 200, newest first, and how many there are', schema: deliveryListSchema },
  },
  handle: async ({ kernel, projectId }, { params }) => ({
    status: 200,
    body: await listDeliveries(kernel, { projectId, sessionId: params.id }),
  }),
});

const show = defineOperation({
  method: 'get',
  path: '/sessions/{id}',
  summary: 'Show a session with its alert, stages and executions',
  tag,
  access: 'viewer',
  params: sessionParams,
  query: revealQuerySchema,
  responses: { 200: { description: 'The session', schema: sessionSchema } },
  handle: async (context, { params, query }) => {
    const { kernel, projectId } = context;
    const body = await readSession(kernel, { projectId, sessionId: params.id });
    return { status: 200, body: await revealNames(context, { ...query, sessionId: params.id, body }) };
  },
});

const timeline = defineOperation({
  method: 'get',
  path: '/sessions/{id}/timeline',
  summary: 'List what the session did, in the order in which it began',
  tag,
  access: 'viewer',
  params: sessionParams,
  query: timelinePageSchema.extend(revealQuerySchema.shape),
  responses: { 200: { description: 'A page of timeline items', schema: pageOf(timelineItemSchema) } },
  handle: async (context, { params, query }) => {
    const { kernel, projectId } = context;
    const { identifiers, ...page } = query;
    const body = await readTimeline(kernel, { ...page, projectId, sessionId: params.id });
    return { status: 200, body: await revealNames(context, { identifiers, sessionId: params.id, body }) };
  },
});

const events = defineOperation({
  method: 'get',
  path: '/sessions/{id}/events',
  summary: 'Read the event log above `after`',
  tag,
  access: 'viewer',
  params: sessionParams,
  // `nextCursor` is the number of the last event: a client may pass it on as `cursor` or as `after`.
  query: eventRangeSchema.extend({ cursor: z.coerce.number().int().min(0).max(2_147_483_647).optional() }),
  responses: {
    200: {
      description: 'Events in ascending order without a gap, and the number of the newest one',
      schema: pageOf(sessionEventSchema).extend({ latest: z.number().int() }),
    },
    410: {
      description:
        'Events above `after` were removed by `retention.events`; the timeline is whole. The message names the number to go on from.',
    },
  },
  handle: async ({ kernel, projectId }, { params, query }) => {
    const after = query.cursor ?? query.after;
    const {
      events: items,
      latest,
      removedUpTo,
    } = await readEvents(kernel, {
      projectId,
      sessionId: params.id,
      after,
      limit: query.limit,
    });
    if (after < removedUpTo) throw eventsGone(kernel.config.current(), removedUpTo);
    const last = items.at(-1);
    return {
      status: 200,
      body: { items, nextCursor: last && last.seq < latest ? String(last.seq) : null, latest },
    };
  },
});

const trace = defineOperation({
  method: 'get',
  path: '/sessions/{id}/trace',
  summary: 'List model calls and tool calls with what was sent and received',
  tag,
  access: 'viewer',
  params: sessionParams,
  query: pageSchema,
  responses: { 200: { description: 'A page of calls, oldest first', schema: pageOf(traceItemSchema) } },
  handle: async ({ kernel, projectId }, { params, query }) => ({
    status: 200,
    body: await readTrace(kernel, { ...query, projectId, sessionId: params.id }),
  }),
});

const toolSet = defineOperation({
  method: 'get',
  path: '/sessions/{id}/tool-sets/{hash}',
  summary: 'Read the definitions of the tools that model calls of the session carried',
  tag,
  access: 'viewer',
  params: sessionParams.extend({ hash: toolSetHashSchema }),
  responses: { 200: { description: 'Names, descriptions and input schemas, masked', schema: toolSetSchema } },
  handle: async ({ kernel, projectId }, { params }) => ({
    status: 200,
    body: await readToolSet(kernel, { projectId, sessionId: params.id, hash: params.hash }),
  }),
});

const output = defineOperation({
  method: 'get',
  path: '/sessions/{id}/outputs/{outputId}',
  summary: 'Read the whole of a tool output that was too large for the conversation',
  tag,
  access: 'viewer',
  params: sessionParams.extend({ outputId: idSchema }),
  query: revealQuerySchema,
  responses: {
    200: { description: 'The output, masked', schema: z.string(), contentType: 'text/plain' },
    410: { description: 'It was removed by `retention.logs`.' },
  },
  handle: async (context, { params, query }) => ({
    status: 200,
    body: await revealNames(context, {
      ...query,
      sessionId: params.id,
      body: await readOutput(context.kernel, {
        projectId: context.projectId,
        sessionId: params.id,
        outputId: params.outputId,
      }),
    }),
    headers: { ...FOREIGN, 'content-type': 'text/plain; charset=utf-8' },
  }),
});

const image = defineOperation({
  method: 'get',
  path: '/sessions/{id}/images/{imageId}',
  summary: "Show an image of a tool's result, as the tool returned it: masking does not reach into it",
  tag,
  access: 'viewer',
  params: sessionParams.extend({ imageId: idSchema }),
  responses: {
    200: { description: 'PNG, JPEG, GIF or WebP', contentType: 'image/*' },
    410: { description: 'It was removed by `retention.logs`.' },
  },
  handle: async ({ kernel, projectId }, { params }) => {
    const { content, mediaType } = await readImage(kernel, {
      projectId,
      sessionId: params.id,
      imageId: params.imageId,
    });
    const headers = {
      ...FOREIGN,
      'content-type': mediaType,
      'cross-origin-resource-policy': 'same-origin',
      // It never changes; and whoever uses this browser next is somebody else.
      'cache-control': 'private, max-age=86400, immutable',
      vary: 'cookie, authorization, x-tars-project',
    };
    return { status: 200, body: content, headers };
  },
});

const cancel = defineOperation({
  method: 'post',
  path: '/sessions/{id}/cancel',
  summary: 'Cancel a session that has not ended',
  tag,
  access: 'operator',
  params: sessionParams,
  responses: { 200: { description: 'Its status now', schema: z.object({ status: runStatusSchema }) } },
  handle: async ({ kernel, principal, projectId }, { params }) => ({
    status: 200,
    body: await cancelSession(kernel, { projectId, sessionId: params.id, actor: actorName(principal) }),
  }),
});

const resubmit = defineOperation({
  method: 'post',
  path: '/sessions/{id}/resubmit',
  summary: 'Investigate the same alert again, in a new session',
  tag,
  access: 'operator',
  params: sessionParams,
  responses: { 202: { description: 'The new session', schema: z.object({ sessionId: z.string() }) } },
  handle: async ({ kernel, principal, projectId }, { params }) => ({
    status: 202,
    body: await rerunSession(kernel, {
      projectId,
      sessionId: params.id,
      actor: actorName(principal),
      actorId: personOf(principal),
    }),
  }),
});

export const sessionOperations: Operation[] = [
  list,
  active,
  filterOptions,
  show,
  deliveries,
  timeline,
  events,
  trace,
  toolSet,
  output,
  image,
  cancel,
  resubmit,
];
