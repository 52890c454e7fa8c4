import {
  type Batch,
  claimNextSession,
  createRecorder,
  type ExecutionRow,
  finishSession,
  newExecution,
  newStage,
  type Recorder,
  type StageRow,
  saveExecution,
  saveStage,
} from '#src/features/sessions/server/index.ts';
import type { Database } from '#src/server/db/database.ts';
import { newId } from '#src/server/ids.ts';
import { prose, seededRandom } from './session-fixtures.ts';

/** A session as several agents leave it, written as a worker writes it. */
export type ParallelRun = { sessionId: string; epoch: number; recorder: Recorder; items: number };

type AgentPlan = { agent: string; index: number; parent?: string; fails?: boolean };
type StagePlan = Pick<StageRow, 'name' | 'type'> & Partial<StageRow> & { agents: AgentPlan[] };

const many = (count: number, agent: string): AgentPlan[] =>
  Array.from({ length: count }, (_, index) => ({ agent, index }));

/** Thirteen agents: different ones side by side, one that dispatches others, replicas, and one that acts. */
const stagePlans: StagePlan[] = [
  {
    name: 'gather',
    type: 'investigation',
    parallel: 'agents',
    successPolicy: 'any',
    agents: ['kubernetes', 'network', 'storage', 'deploys'].map((agent, index) => ({
      agent,
      index,
      fails: agent === 'storage',
    })),
  },
  { name: 'gather synthesis', type: 'synthesis', agents: [{ agent: 'synthesis', index: 0 }] },
  {
    name: 'dig',
    type: 'investigation',
    agents: [
      { agent: 'lead', index: 0 },
      { agent: 'logs', index: 0, parent: 'lead' },
      { agent: 'metrics', index: 1, parent: 'lead' },
      { agent: 'traces', index: 2, parent: 'lead' },
    ],
  },
  {
    name: 'verify',
    type: 'investigation',
    parallel: 'replicas',
    successPolicy: 'all',
    agents: many(3, 'kubernetes'),
  },
  {
    name: 'roll back',
    type: 'action',
    skipped: 'Its condition was not met: no stage before it has found a bad rollout.',
    agents: [],
  },
  { name: 'repair', type: 'action', agents: [{ agent: 'repairer', index: 0 }] },
];

/**
 * Claims the oldest pending session and plays a run of `items` entries in six stages; `speed` is how far apart in time they
 * look. The last stage is left running, so that a test can let it wait, go on or end.
 */
export async function playParallelRun(
  database: Database,
  options: { items: number; seed?: number },
): Promise<ParallelRun & { stage: StageRow; execution: ExecutionRow }> {
  const claim = await claimNextSession(database, { workerId: 'fixture', maxRunning: 1_000_000 });
  if (!claim) throw new Error('no session is pending');
  const { sessionId, epoch } = claim;
  const recorder = createRecorder({ database, sessionId, epoch });
  const random = seededRandom(options.seed ?? 1);
  const working = stagePlans.filter(({ agents }) => agents.length > 0).length;
  const perStage = Math.ceil(options.items / working);
  let last: { stage: StageRow; execution: ExecutionRow } | undefined;
  let combines: string | null = null;
  for (const [index, plan] of stagePlans.entries()) {
    const { agents, ...fields } = plan;
    const synthesisOfId = plan.type === 'synthesis' ? combines : null;
    const stage = newStage({ sessionId, index, ...fields, synthesisOfId });
    combines = stage.id;
    const isLast = index === stagePlans.length - 1;
    const execution = await playStage({ recorder, stage, agents, items: perStage, random, isLast });
    if (execution) last = { stage, execution };
  }
  if (!last) throw new Error('the last stage has no agent');
  return { sessionId, epoch, recorder, items: options.items, ...last };
}

type StagePlay = {
  recorder: Recorder;
  stage: StageRow;
  agents: AgentPlan[];
  items: number;
  random: () => number;
  isLast: boolean;
};

async function playStage(play: StagePlay): Promise<ExecutionRow | undefined> {
  const { recorder, stage, agents, items, random, isLast } = play;
  const rows = new Map<AgentPlan, ExecutionRow>();
  for (const plan of agents) {
    const parent = [...rows].find(([{ agent }]) => agent === plan.parent)?.[1];
    rows.set(
      plan,
      newExecution({
        sessionId: stage.sessionId,
        stageId: stage.id,
        index: plan.index,
        agent: plan.agent,
        provider: 'offline',
        model: 'analyst',
        status: 'running',
        startedAt: new Date().toISOString(),
        parentExecutionId: parent?.id ?? null,
        task: parent ? `Look at the ${plan.agent} of checkout since 14:02 and say what changed.` : null,
      }),
    );
  }
  const turn = [...rows.values()];
  await recorder.commit(async (batch) => {
    await saveStage(batch, stage);
    for (const execution of turn) await saveExecution(batch, execution);
    for (const execution of turn)
      if (execution.task)
        batch.startItem({ ...placeOf(execution), type: 'task_assigned', content: execution.task });
  });
  for (let written = 0; written < items && turn.length > 0; written += turn.length) {
    await recorder.commit(async (batch) => {
      for (const execution of turn) await playEntry(batch, execution, written, random);
    });
  }
  if (isLast) return turn[0];
  const completedAt = new Date().toISOString();
  await recorder.commit(async (batch) => {
    for (const [plan, execution] of rows) {
      const end = plan.fails
        ? ({ status: 'failed', error: 'The model did not answer within 60 s, three times.' } as const)
        : ({ status: 'completed' } as const);
      await saveExecution(batch, { ...execution, ...end, completedAt });
    }
    await saveStage(batch, { ...stage, status: 'completed', completedAt });
  });
  return turn[0];
}

const placeOf = (execution: ExecutionRow) =>
  ({ stageId: execution.stageId, executionId: execution.id, status: 'completed' }) as const;

/** One entry: a thought, an answer, or one of two tool calls, in turns; with each thought a model call. */
async function playEntry(batch: Batch, execution: ExecutionRow, at: number, random: () => number) {
  const place = placeOf(execution);
  switch (Math.floor(at + random() * 2) % 4) {
    case 0:
      await writeModelCall(batch, execution, at);
      batch.startItem({ ...place, type: 'thinking', content: prose(random, 200) });
      return;
    case 1:
      batch.startItem({
        ...place,
        type: 'response',
        content: `**${execution.agent}, step ${at}.** ${prose(random, 160)}`,
      });
      return;
    default:
      batch.startItem({ ...place, type: 'tool_call', data: toolCallData(execution, at, random) });
  }
}

const toolCallData = (execution: ExecutionRow, at: number, random: () => number) => ({
  callId: `call-${execution.id}-${at}`,
  server: 'cluster',
  tool: random() < 0.5 ? 'pods_log' : 'events_list',
  arguments: { namespace: 'shop', name: `checkout-${at}` },
  readOnly: true,
  iteration: at,
  result: `${prose(random, 80)}\n`.repeat(4),
  outputBytes: 320,
  durationMs: 40,
});

async function writeModelCall(batch: Batch, execution: ExecutionRow, iteration: number): Promise<void> {
  await batch.sql.query(
    `insert into llm_call (id, session_id, execution_id, kind, iteration, provider, model, request, response,
       input_tokens, output_tokens, cost_usd, started_at, duration_ms)
     values ($1, $2, $3, 'iteration', $4, 'offline', 'analyst', '{"uptoSeq": 0, "tools": []}', '{"text": "…"}', 900, 120, 0.002, now(), 25)`,
    [newId(), execution.sessionId, execution.id, iteration],
  );
  await batch.sql.query(
    `update session set llm_calls = llm_calls + 1, input_tokens = input_tokens + 900, output_tokens = output_tokens + 120,
       cost_usd = cost_usd + 0.002 where id = $1`,
    [execution.sessionId],
  );
}

/** Ends the run with an answer, as a completed one does. */
export async function finishParallelRun(
  run: Awaited<ReturnType<typeof playParallelRun>>,
  analysis: string,
): Promise<void> {
  const { recorder, sessionId, epoch, stage, execution } = run;
  const completedAt = new Date().toISOString();
  await recorder.commit(async (batch) => {
    batch.startItem({ ...placeOf(execution), type: 'final_analysis', content: analysis });
    await saveExecution(batch, { ...execution, status: 'completed', completedAt });
    await saveStage(batch, { ...stage, status: 'completed', actionsExecuted: false, completedAt });
    await batch.sql.query('update session set final_analysis = $2 where id = $1', [sessionId, analysis]);
    batch.emit({ type: 'session.patch', payload: { finalAnalysis: analysis } });
  });
  await recorder.commit((batch) =>
    finishSession(batch.sql, { sessionId, epoch, end: { status: 'completed' } }),
  );
}
