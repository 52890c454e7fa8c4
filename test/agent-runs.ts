import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll } from 'vitest';
import type { PostAlert } from '#src/features/alerts/schema.ts';
import type { RunStatus, TimelineItem } from '#src/features/sessions/schema.ts';
import type { Database } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { startWorker } from '#worker/start-worker.ts';
import { createTestKernel, createTestProject } from './kernel.ts';
import {
  type ProtocolServer,
  type RecordedRequest,
  type Script,
  startProtocolServer,
} from './llm-protocol/start-protocol-server.ts';
import type { ProtocolKind } from './llm-protocol/wire.ts';
import { urlFixture } from './mcp-servers/fixture-config.ts';
import { type HttpFixture, startHttpFixture } from './mcp-servers/start-http-fixture.ts';
import { useTestDatabase } from './postgres.ts';
import { postAlert, rowsOf, statusOf, waitForEnd } from './runs.ts';

type JsonObject = Record<string, unknown>;

export type ToolCallRow = {
  call_id: string;
  server: string;
  tool: string;
  arguments: JsonObject;
  arguments_sealed: Buffer | null;
  status: string;
  result: string | null;
  output_id: string | null;
  output_bytes: number;
  error: string | null;
  started_at: Date;
  completed_at: Date;
};

export type FinishedRun = {
  sessionId: string;
  status: RunStatus;
  session: {
    error: string | null;
    final_analysis: string | null;
    executive_summary: string | null;
    executive_summary_error: string | null;
  };
  items: Pick<TimelineItem, 'type' | 'status' | 'content' | 'data'>[];
  llmCalls: {
    kind: string;
    provider: string;
    model: string;
    response: JsonObject | null;
    error: string | null;
  }[];
  toolCalls: ToolCallRow[];
  executions: {
    agent: string;
    status: RunStatus;
    provider: string;
    error: string | null;
    result: string | null;
  }[];
  /** What the scripted model was sent, in order. */
  requests: RecordedRequest[];
  /** Log lines of the run, as text. */
  log: string;
};

type RunOptions = {
  script: Script;
  config?: JsonObject;
  /** Beside the configuration, by path: skills. */
  files?: Record<string, string>;
  alert?: Partial<PostAlert>;
};

export type AgentRuns = {
  readonly model: ProtocolServer;
  readonly box: HttpFixture;
  readonly kernel: Kernel & { setConfig(config: unknown): Promise<void> };
  readonly database: Database;
  readonly projectId: string;
  /** A provider of the scripted model, for the configuration. */
  provider(changes?: JsonObject): JsonObject;
  /** Lays a configuration over the basic one. */
  configure(config: JsonObject): Promise<void>;
  /** Configures, delivers an alert, and returns its session. */
  start(options: RunOptions): Promise<string>;
  /** What there is of a session now. */
  read(sessionId: string): Promise<Omit<FinishedRun, 'requests' | 'log'>>;
  /** Configures, delivers an alert, and waits for its session's end. */
  run(options: RunOptions): Promise<FinishedRun>;
};

/**
 * Whole runs in a test file: a real worker in this process, a scripted model of the given provider's protocol, and an MCP
 * server `box` over HTTP. One stage, no executive summary, unless the configuration says otherwise.
 */
export function useAgentRuns(kind: ProtocolKind = 'openai-compatible'): AgentRuns {
  const db = useTestDatabase();
  const lines: string[] = [];
  let model: ProtocolServer;
  let box: HttpFixture;
  let kernel: Awaited<ReturnType<typeof createTestKernel>>;
  let projectId: string;
  let worker: Awaited<ReturnType<typeof startWorker>>;

  const provider = (changes: JsonObject = {}) => ({
    type: kind,
    baseUrl: model.baseUrl,
    model: 'scripted',
    apiKey: 'sk-key-of-the-tests',
    contextTokens: 32_000,
    maxOutputTokens: 2_000,
    ...changes,
  });
  const baseConfig = () => ({
    defaults: { llmProvider: 'main' },
    llmProviders: { main: provider() },
    mcpServers: { box: urlFixture('http', box.url) },
    chains: {
      kubernetes: {
        stages: [{ name: 'look', agents: ['kubernetes'] }],
        executiveSummary: { enabled: false },
      },
    },
  });

  beforeAll(async () => {
    model = await startProtocolServer({ kind, script: [] });
    box = await startHttpFixture();
    const log = pino(
      { level: 'trace' },
      new Writable({
        write(chunk, _encoding, done) {
          lines.push(String(chunk));
          done();
        },
      }),
    );
    kernel = Object.assign(await createTestKernel(db.database, baseConfig()), { log });
    ({ id: projectId } = await createTestProject(db.database));
    worker = await startWorker(kernel);
  });
  afterAll(async () => {
    await worker?.close();
    await Promise.all([model?.close(), box?.close()]);
  });

  const start = async ({ script, config = {}, files = {}, alert = {} }: RunOptions): Promise<string> => {
    await kernel.setConfig({ ...baseConfig(), ...config }, files);
    model.setScript(script);
    return postAlert(kernel, projectId, alert);
  };

  return {
    get model() {
      return model;
    },
    get box() {
      return box;
    },
    get kernel() {
      return kernel;
    },
    get database() {
      return db.database;
    },
    get projectId() {
      return projectId;
    },
    provider,
    configure: (config) => kernel.setConfig({ ...baseConfig(), ...config }),
    start,
    read: async (sessionId) => ({
      sessionId,
      status: await statusOf(db.database, sessionId),
      ...(await readRun(db.database, sessionId)),
    }),
    async run(options) {
      const firstRequest = model.requests.length;
      const firstLine = lines.length;
      const sessionId = await start(options);
      const status = await waitForEnd(db.database, sessionId);
      return {
        sessionId,
        status,
        ...(await readRun(db.database, sessionId)),
        requests: model.requests.slice(firstRequest),
        log: lines.slice(firstLine).join(''),
      };
    },
  };
}

async function readRun(database: Database, sessionId: string) {
  const read = <T extends Record<string, unknown>>(sql: string) => rowsOf<T>(database, sql, [sessionId]);
  const [session] = await read<FinishedRun['session']>(
    'select error, final_analysis, executive_summary, executive_summary_error from session where id = $1',
  );
  if (!session) throw new Error(`no session ${sessionId}`);
  return {
    session,
    items: await read<FinishedRun['items'][number]>(
      'select type, status, content, data from timeline_item where session_id = $1 order by seq',
    ),
    llmCalls: await read<FinishedRun['llmCalls'][number]>(
      'select kind, provider, model, response, error from llm_call where session_id = $1 order by started_at, id',
    ),
    toolCalls: await read<ToolCallRow>(
      `select c.* from tool_call c join execution e on e.id = c.execution_id
       where c.session_id = $1 order by e.stage_id, e.index, c.iteration, c.index`,
    ),
    executions: await read<FinishedRun['executions'][number]>(
      `select e.agent, e.status, e.provider, e.error, e.result from execution e join stage s on s.id = e.stage_id
       where e.session_id = $1 order by s.index, e.index`,
    ),
  };
}

export const itemsOf = (run: FinishedRun, type: string) => run.items.filter((item) => item.type === type);

/** Everything that one request told the model, system prompt included, as one text. */
export const sentText = (request: RecordedRequest | undefined): string =>
  JSON.stringify(request?.body ?? null);

/** The results of tools in one request, by call id. */
export const resultsIn = (request: RecordedRequest | undefined): Record<string, string> =>
  Object.fromEntries(
    (request?.conversation.messages ?? []).flatMap((message) =>
      message.toolResults.map((result) => [result.id, result.text]),
    ),
  );
