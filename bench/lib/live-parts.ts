import { z } from 'zod';
import { type Database, openDatabase } from '#src/server/db/database.ts';
import { insertSession, startInvestigation } from '#test/session-fixtures.ts';
import { startTestWeb, type TestWeb } from '#test/web/start-test-web.ts';
import { servePart } from './part.ts';
import { type StreamPlan, streamSessions } from './stream-sessions.ts';
import { watchSessions } from './watch-sessions.ts';

/** The processes of a benchmark of the live view: web server, writer (the worker's part), clients; and what they are told. */

export const PROJECT = 'bench';
/** Orders of the parts that are not the measuring itself. */
export const ORDER_LIMIT_MS = 60_000;

const streamPlanSchema = z.object({
  databaseUrl: z.string(),
  runs: z.array(
    z.object({ sessionId: z.string(), epoch: z.number(), stageId: z.string(), executionId: z.string() }),
  ),
  seconds: z.number(),
  tokensPerSecond: z.number(),
  answerTokens: z.number(),
});
export const streamedSchema = z.object({
  appends: z.array(
    z.object({ sessionId: z.string(), seq: z.number(), beganMs: z.number(), committedMs: z.number() }),
  ),
  tokens: z.number(),
});
const watchPlanSchema = z.object({
  url: z.string(),
  cookie: z.string(),
  project: z.string(),
  sessionIds: z.array(z.string()),
});
export const arrivalsSchema = z.array(
  z.object({
    client: z.number(),
    sessionId: z.string(),
    from: z.number(),
    to: z.number(),
    atMs: z.number(),
  }),
);
const webPlanSchema = z.object({ databaseUrl: z.string() });
export const webReadySchema = z.object({ url: z.string(), cookie: z.string(), projectId: z.string() });

/** Serves the part of that name in this process; false when there is none and this is the benchmark itself. */
export function serveLivePart(name: string | undefined): boolean {
  switch (name) {
    case 'writer':
      servePart({ stream: async (value) => streamSessions(streamPlanSchema.parse(value)) });
      return true;
    case 'web':
      servePart(webOrders());
      return true;
    case 'clients':
      servePart(clientOrders());
      return true;
    default:
      return false;
  }
}

/** A running session with one execution, ready to be written to. */
export async function insertRun(database: Database, projectId: string): Promise<StreamPlan['runs'][number]> {
  await insertSession(database, { projectId });
  const { sessionId, epoch, stage, execution } = await startInvestigation(database);
  return { sessionId, epoch, stageId: stage.id, executionId: execution.id };
}

function webOrders(): Record<string, (value: unknown) => Promise<unknown>> {
  let web: TestWeb | undefined;
  return {
    async start(value) {
      web = await startTestWeb(openDatabase(webPlanSchema.parse(value).databaseUrl));
      const projectId = await web.project(PROJECT);
      return { url: web.url, projectId, cookie: await web.cookie({ [projectId]: 'viewer' }) };
    },
    async stop() {
      await web?.close();
      await web?.kernel.database.close();
    },
  };
}

function clientOrders(): Record<string, (value: unknown) => Promise<unknown>> {
  let watching: Awaited<ReturnType<typeof watchSessions>> | undefined;
  return {
    async join(value) {
      watching = await watchSessions(watchPlanSchema.parse(value));
    },
    async leave() {
      watching?.close();
      return watching?.arrivals ?? [];
    },
  };
}
