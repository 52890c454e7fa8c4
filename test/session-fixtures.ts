import {
  type Batch,
  claimNextSession,
  createRecorder,
  createSession,
  type ExecutionRow,
  finishSession,
  newExecution,
  newStage,
  type Recorder,
  type StageRow,
  saveExecution,
  saveStage,
} from '#src/features/sessions/server/index.ts';
import { type Config, configSchema, snapshotChain } from '#src/server/config/index.ts';
import { createSecretBox } from '#src/server/crypto.ts';
import type { Database, Sql } from '#src/server/db/database.ts';
import { loadEnv } from '#src/server/env.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { createLogger } from '#src/server/logger.ts';
import { createMetrics } from '#src/server/metrics.ts';

/** A configuration of two stages that refers to nothing outside. */
export const fixtureConfig = (): Config =>
  configSchema.parse({
    defaults: { llmProvider: 'offline' },
    llmProviders: { offline: { type: 'offline', model: 'analyst' } },
    agents: { kubernetes: {} },
    chains: {
      kubernetes: {
        alertTypes: ['kubernetes'],
        stages: [
          { name: 'look', agents: [{ name: 'kubernetes' }] },
          { name: 'conclude', agents: [{ name: 'kubernetes' }] },
        ],
      },
    },
  });

/** The kernel of a process, on the test's database. */
export function fixtureKernel(database: Database, config: Config = fixtureConfig()): Kernel {
  return {
    env: loadEnv({ NODE_ENV: 'test', LOG_LEVEL: 'silent' }),
    log: createLogger({ level: 'silent', process: 'test' }),
    database,
    config: { current: () => config },
    metrics: createMetrics(),
    secrets: createSecretBox('fixture'),
  };
}

export async function insertProject(database: Database, slug: string): Promise<{ id: string; slug: string }> {
  const id = newId();
  await database.pool.query('insert into project (id, slug, name) values ($1, $2, $2)', [id, slug]);
  return { id, slug };
}

export type SessionSeed = {
  projectId: string;
  title?: string;
  alertType?: string;
  severity?: string | null;
  searchText?: string;
  createdAt?: Date;
};

/** An alert and its pending session, written as the intake does it. Returns the session's id. */
export function insertSession(database: Database, seed: SessionSeed): Promise<string> {
  return database.transaction(async (sql) => {
    const alertId = await insertAlert(sql, seed);
    const id = await createSession(sql, {
      projectId: seed.projectId,
      alertId,
      alertType: seed.alertType ?? 'kubernetes',
      chain: 'kubernetes',
      chainSnapshot: snapshotChain(fixtureConfig(), 'kubernetes'),
      severity: seed.severity === undefined ? 'critical' : seed.severity,
      title: seed.title ?? 'KubePodCrashLooping',
      author: 'fixture',
      authorId: null,
      runbook: null,
      mcpSelection: null,
      rerunOfId: null,
      searchText: seed.searchText ?? '',
    });
    if (seed.createdAt)
      await sql.query('update session set created_at = $2 where id = $1', [id, seed.createdAt]);
    return id;
  });
}

async function insertAlert(sql: Sql, seed: SessionSeed): Promise<string> {
  const id = newId();
  await sql.query(
    `insert into alert (id, project_id, source, status, alert_type, title, severity, labels, annotations, data,
       first_fired_at, last_fired_at)
     values ($1, $2, 'api', 'firing', $3, $4, $5, $6, $7, $8, now(), now())`,
    [
      id,
      seed.projectId,
      seed.alertType ?? 'kubernetes',
      seed.title ?? 'KubePodCrashLooping',
      seed.severity ?? null,
      { namespace: 'shop', pod: 'checkout-7d9f' },
      { summary: 'The pod restarts again and again' },
      '{"alert":"KubePodCrashLooping"}',
    ],
  );
  return id;
}

/** Deterministic pseudo-random numbers in [0, 1) (mulberry32), so that a failing history can be played again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export type Investigation = {
  sessionId: string;
  recorder: Recorder;
  epoch: number;
  stage: StageRow;
  execution: ExecutionRow;
};

/** Claims the oldest pending session and starts its first stage, as a worker does. */
export async function startInvestigation(database: Database): Promise<Investigation> {
  const claim = await claimNextSession(database, { workerId: 'fixture', maxRunning: 1_000_000 });
  if (!claim) throw new Error('no session is pending');
  const { sessionId, epoch } = claim;
  const recorder = createRecorder({ database, sessionId, epoch });
  const stage = newStage({ sessionId, index: 0, name: 'look', type: 'investigation' });
  const execution = newExecution({
    sessionId,
    stageId: stage.id,
    index: 0,
    agent: 'kubernetes',
    status: 'running',
    provider: 'offline',
    model: 'analyst',
    startedAt: new Date().toISOString(),
  });
  await recorder.commit(async (batch) => {
    await saveStage(batch, stage);
    await saveExecution(batch, execution);
  });
  return { sessionId, recorder, epoch, stage, execution };
}

const WORDS =
  'The container exits because the key `dsn` of the Secret is missing 🔥 – the pod restarts every 40 s. '.split(
    ' ',
  );

/** Text of about `length` characters, with characters outside the basic plane in it. */
export function prose(random: () => number, length: number): string {
  let text = '';
  while (text.length < length) text += `${WORDS[Math.floor(random() * WORDS.length)] ?? ''} `;
  return text;
}

/**
 * Plays one turn: streamed thinking, concurrent tool calls with progress, their results, a model call and its messages.
 * `afterCommit` runs after each commit, so that a test can look at every state that a reader may see.
 */
export async function playTurn(
  run: Investigation,
  options: { random: () => number; iteration: number; afterCommit?: () => Promise<void> },
): Promise<void> {
  const { recorder, stage, execution } = run;
  const { random, iteration } = options;
  const seen = options.afterCommit ?? (async () => undefined);
  const place = { stageId: stage.id, executionId: execution.id };
  const thinking = await recorder.commit((batch) => batch.startItem({ ...place, type: 'thinking' }));
  await seen();
  const pieces = 1 + Math.floor(random() * 6);
  for (let piece = 0; piece < pieces; piece += 1) {
    recorder.delta(thinking, prose(random, 20 + Math.floor(random() * 60)));
    await recorder.flush();
    await seen();
  }
  const calls = 1 + Math.floor(random() * 3);
  const items = await recorder.commit(async (batch) => {
    batch.completeItem(thinking, { status: 'completed' });
    await saveExecution(batch, { ...execution, iterations: iteration + 1 });
    const started: string[] = [];
    for (let index = 0; index < calls; index += 1)
      started.push(await startToolCall(run, batch, iteration, index));
    await writeModelCall(run, batch, iteration);
    return started;
  });
  await seen();
  for (const item of items.toReversed()) {
    if (random() < 0.5) {
      await recorder.commit((batch) =>
        batch.patchItem(item, { progress: `${Math.floor(random() * 100)} %` }),
      );
      await seen();
    }
    await recorder.commit(async (batch) => finishToolCall(batch, item, prose(random, 200)));
    await seen();
  }
}

async function startToolCall(
  run: Investigation,
  batch: Batch,
  iteration: number,
  index: number,
): Promise<string> {
  const callId = `call-${iteration}-${index}`;
  const args = { namespace: 'shop', name: `checkout-${index}` };
  const item = batch.startItem({
    stageId: run.stage.id,
    executionId: run.execution.id,
    type: 'tool_call',
    data: { callId, server: 'cluster', tool: 'pods_log', arguments: args, readOnly: true, iteration },
  });
  await batch.sql.query(
    `insert into tool_call (id, session_id, execution_id, iteration, index, call_id, item_id, wire_name, server, tool, arguments,
       read_only, status, started_at)
     values ($1, $2, $3, $4, $5, $6, $7, 'cluster__pods_log', 'cluster', 'pods_log', $8, true, 'running', now())`,
    [newId(), run.sessionId, run.execution.id, iteration, index, callId, item, JSON.stringify(args)],
  );
  return item;
}

async function finishToolCall(batch: Batch, item: string, result: string): Promise<void> {
  batch.completeItem(item, {
    status: 'completed',
    data: { result, outputBytes: result.length, durationMs: 12 },
  });
  await batch.sql.query(
    `update tool_call set status = 'completed', result = $2, completed_at = now(), duration_ms = 12 where item_id = $1`,
    [item, result],
  );
}

/** Two messages of the conversation per turn and the model call that saw them. */
async function writeModelCall(run: Investigation, batch: Batch, iteration: number): Promise<void> {
  const upto = iteration * 2 + 1;
  for (const [seq, role] of [
    [upto, iteration === 0 ? 'system' : 'user'],
    [upto + 1, 'assistant'],
  ] as const) {
    await batch.sql.query(
      'insert into message (execution_id, seq, session_id, role, content) values ($1, $2, $3, $4, $5)',
      [run.execution.id, seq, run.sessionId, role, JSON.stringify({ role, content: `message ${seq}` })],
    );
  }
  await batch.sql.query(
    `insert into llm_call (id, session_id, execution_id, kind, iteration, provider, model, request, response,
       input_tokens, output_tokens, cost_usd, started_at, duration_ms)
     values ($1, $2, $3, 'iteration', $4, 'offline', 'analyst', $5, $6, 100, 10, 0.01, now(), 25)`,
    [
      newId(),
      run.sessionId,
      run.execution.id,
      iteration,
      JSON.stringify({ uptoSeq: upto, tools: ['cluster__pods_log'] }),
      JSON.stringify({ text: `answer ${iteration}` }),
    ],
  );
  await batch.sql.query(
    `update session set llm_calls = llm_calls + 1, input_tokens = input_tokens + 100,
       output_tokens = output_tokens + 10, cost_usd = 0.01 * (llm_calls + 1) where id = $1`,
    [run.sessionId],
  );
  batch.emit({
    type: 'session.patch',
    payload: {
      usage: {
        inputTokens: 100 * (iteration + 1),
        outputTokens: 10 * (iteration + 1),
        costUsd: 0.01 * (iteration + 1),
        unpricedCalls: 0,
      },
      counts: { llmCalls: iteration + 1, toolCalls: 0, events: 0 },
    },
  });
}

/** Writes the final analysis and ends everything, as a completed run does. */
export async function finishInvestigation(run: Investigation, analysis: string): Promise<void> {
  const { recorder, sessionId, epoch, stage, execution } = run;
  const completedAt = new Date().toISOString();
  await recorder.commit(async (batch) => {
    batch.startItem({
      stageId: stage.id,
      executionId: execution.id,
      type: 'final_analysis',
      status: 'completed',
      content: analysis,
    });
    await saveExecution(batch, { ...execution, status: 'completed', completedAt });
    await saveStage(batch, { ...stage, status: 'completed', completedAt });
    await batch.sql.query('update session set final_analysis = $2, executive_summary = $3 where id = $1', [
      sessionId,
      analysis,
      analysis.slice(0, 100),
    ]);
    batch.emit({
      type: 'session.patch',
      payload: { finalAnalysis: analysis, executiveSummary: analysis.slice(0, 100) },
    });
  });
  await recorder.commit((batch) =>
    finishSession(batch.sql, { sessionId, epoch, end: { status: 'completed' } }),
  );
}
