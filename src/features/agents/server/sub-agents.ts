import type { ModelMessage } from 'ai';
import {
  closeExecution,
  type ExecutionRow,
  loadSubExecutions,
  newExecution,
  saveExecution,
} from '#src/features/sessions/server/index.ts';
import { headOf } from '#src/lib/storable-text.ts';
import { type ResolvedExecution, resolveExecution, type SubAgentLimits } from '#src/server/config/index.ts';
import { composeSubAgentReport, composeSubAgentTask } from './compose-sub-agents.ts';
import { createCrew } from './execution-crew.ts';
import { createStopper } from './execution-stop.ts';
import { readUsedMs } from './read-used-time.ts';
import type { ExecutionPlan, RunContext } from './run-context.ts';
import { MAX_TOOL_CALLS_PER_TURN, SUB_AGENT_TASK_MAX_CHARS } from './tunables.ts';

/** The agents that one execution has started. They run beside it, and end with it. */
export type SubAgents = {
  /** `open` have not ended; `finished` have, and the parent has not read it. */
  counts(): { open: number; finished: number };
  /** Starts one for a planned call; the same call twice starts one. Returns what the parent is told. */
  dispatch(options: {
    name: string;
    task: string;
    place: { iteration: number; index: number };
  }): Promise<Told>;
  list(): string;
  cancel(executionId: string): Told;
  /** What has been found since the last report, as one message. */
  takeReport(): { message: ModelMessage; executionIds: string[] } | null;
  /** Waits until one ends; `waiting` when all that are open wait for people. */
  settle(signal: AbortSignal): Promise<'changed' | 'waiting'>;
  /** The parent has ended: so do they. Not for a parent that waits. */
  close(): Promise<void>;
  /** The parent waits, and all that is open with it. */
  release(): void;
};

type Told = { ok: boolean; text: string };
type Child = { row: ExecutionRow; delivered: boolean; stop(why: string): void };

/**
 * The sub-agents of an execution, with those that an interrupted run left behind: what had not ended goes on, what was not
 * read yet is reported.
 */
export async function openSubAgents(
  context: RunContext,
  options: {
    parent: ExecutionRow;
    /** Of the parent. */
    settings: ResolvedExecution;
    run: (plan: ExecutionPlan) => Promise<ExecutionRow>;
  },
): Promise<SubAgents> {
  const { parent, settings, run } = options;
  const { recorder, session, kernel } = context;
  const limits: SubAgentLimits = settings.subAgentLimits;
  const crew = createCrew(context);
  const children = new Map<string, Child>();
  const isOpen = ({ row }: Child) => row.completedAt === null;
  const openOnes = () => [...children.values()].filter(isOpen);
  const unread = () => [...children.values()].filter((child) => !isOpen(child) && !child.delivered);

  const start = (row: ExecutionRow) => {
    const own = settingsOf(context, settings, row.agent);
    const child: Child = { row, delivered: false, stop: () => undefined };
    children.set(row.id, child);
    if (!own) throw new Error(`agent "${row.agent}" is not in the session's chain`);
    crew.add({
      execution: row,
      run: async () => {
        const stopper = createStopper();
        child.stop = stopper.stop;
        try {
          stopper.limit(limits.timeout, await readUsedMs(kernel.database.pool, row.id));
          const compose = ({ contextChars }: { contextChars: number }) =>
            composeSubAgentTask({ task: row.task ?? '', alert: session.alert, contextChars });
          return await run({ execution: row, settings: own, compose, stop: stopper.signal });
        } finally {
          stopper.done();
        }
      },
    });
  };
  for (const { row, delivered } of await loadChildren(context, parent.id)) {
    if (row.completedAt === null) start(row);
    else children.set(row.id, { row, delivered, stop: () => undefined });
  }

  return {
    counts: () => ({ open: openOnes().length, finished: unread().length }),
    async dispatch({ name, task, place }) {
      const index = place.iteration * MAX_TOOL_CALLS_PER_TURN + place.index;
      const known = [...children.values()].find((child) => child.row.index === index);
      if (known) return started(known.row);
      const refusal = whyNotDispatch({
        name,
        known: settings.subAgents.map((agent) => agent.name),
        open: openOnes().length,
        total: children.size,
        limits,
      });
      const own = settingsOf(context, settings, name);
      if (refusal || !own) return { ok: false, text: refusal ?? `There is no agent "${name}".` };
      const row = newExecution({
        sessionId: session.id,
        stageId: parent.stageId,
        parentExecutionId: parent.id,
        index,
        agent: name,
        provider: own.llmProvider,
        model: kernel.config.current().llmProviders[own.llmProvider]?.model ?? '',
        task: headOf(task, SUB_AGENT_TASK_MAX_CHARS),
      });
      await recorder.commit(async (batch) => {
        saveExecution(batch, row);
        const place = { stageId: row.stageId, executionId: row.id, parentExecutionId: parent.id };
        batch.startItem({
          ...place,
          type: 'task_assigned',
          status: 'completed',
          content: row.task ?? '',
          data: { agent: name, by: parent.agent },
        });
      });
      start(row);
      return started(row);
    },
    list: () => describeChildren([...children.values()].map(({ row }) => row)),
    cancel(executionId) {
      const child = children.get(executionId);
      if (!child) return { ok: false, text: `You have started no agent with the id "${executionId}".` };
      if (!isOpen(child)) return { ok: false, text: `It has already ended (${child.row.status}).` };
      child.stop('Cancelled by the agent that started it.');
      return { ok: true, text: `${child.row.agent} (${executionId}) is being cancelled.` };
    },
    takeReport() {
      const ended = unread();
      if (ended.length === 0) return null;
      for (const child of ended) child.delivered = true;
      const content = composeSubAgentReport({ ended: ended.map(({ row }) => row), open: openOnes().length });
      return { message: { role: 'user', content }, executionIds: ended.map(({ row }) => row.id) };
    },
    async settle(signal) {
      signal.throwIfAborted();
      if (unread().length > 0) return 'changed';
      if (crew.counts().active === 0) return openOnes().length > 0 ? 'waiting' : 'changed';
      await unlessAborted(crew.change(), signal);
      signal.throwIfAborted();
      return 'changed';
    },
    release: () => crew.close(),
    async close() {
      for (const child of openOnes()) child.stop('Its parent has ended.');
      await crew.idle();
      crew.close();
      const left = openOnes();
      if (left.length === 0 || context.signal.aborted) return;
      await recorder.commit(async (batch) => {
        for (const { row } of left)
          await closeExecution(batch, row, { status: 'cancelled', error: 'Its parent has ended.' });
      });
    },
  };
}

/** Waits for the promise, but no longer than until the signal aborts. */
async function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<void>();
  const tell = () => aborted.resolve();
  signal.addEventListener('abort', tell);
  await Promise.race([promise, aborted.promise]).finally(() => signal.removeEventListener('abort', tell));
}

const started = (row: ExecutionRow): Told => ({
  ok: true,
  text: `Started ${row.agent}, execution_id ${row.id}. Its result comes to you as a message when it ends; go on with other work meanwhile.`,
});

/** Why an agent cannot be started, in words for the model; null when it can. */
export function whyNotDispatch(facts: {
  name: string;
  known: readonly string[];
  open: number;
  total: number;
  limits: SubAgentLimits;
}): string | null {
  const { name, known, open, total, limits } = facts;
  if (!known.includes(name)) return `There is no agent "${name}". You can start: ${known.join(', ')}.`;
  if (total >= limits.maxDispatches)
    return `Not started: you have started ${total} agents, which is the limit. Work with what they found.`;
  if (open >= limits.maxConcurrent)
    return `Not started: ${open} agents are running, which is the limit. Wait for one to end, or cancel one.`;
  return null;
}

/** A sub-agent has its own settings on top of its agent's, and no sub-agents itself. */
function settingsOf(context: RunContext, parent: ResolvedExecution, name: string): ResolvedExecution | null {
  const stageAgent = parent.subAgents.find((agent) => agent.name === name);
  const { snapshot, mcpSelection } = context.session;
  if (!stageAgent || !snapshot.agents[name]) return null;
  const settings = resolveExecution({
    config: snapshot,
    chain: snapshot.chain,
    stageAgent,
    alertMcp: mcpSelection?.servers ?? null,
    alertNativeTools: mcpSelection?.nativeTools,
  });
  return { ...settings, subAgents: [] };
}

function describeChildren(rows: readonly ExecutionRow[]): string {
  if (rows.length === 0) return 'You have started no agents.';
  return rows
    .map((row) => `${row.agent} (${row.id}): ${row.status}. Task: ${headOf(row.task ?? '', 200)}`)
    .join('\n');
}

async function loadChildren(
  context: RunContext,
  parentId: string,
): Promise<{ row: ExecutionRow; delivered: boolean }[]> {
  const rows = await loadSubExecutions(context.kernel.database.pool, {
    sessionId: context.session.id,
    parentId,
  });
  return rows.map(({ deliveredAt, ...row }) => ({ row, delivered: deliveredAt !== null }));
}
