import type { ModelMessage } from 'ai';
import {
  closeExecution,
  type ExecutionRow,
  hasDecidedCall,
  loadSubExecutions,
  newExecution,
  nextDecision,
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
  cancel(executionId: string): Promise<Told>;
  /** What has been found since the last report, as one message. */
  takeReport(): { message: ModelMessage; executionIds: string[] } | null;
  /** Waits until one ends; `waiting` when all that are open wait for people: then none goes on beside the parent any more. */
  settle(signal: AbortSignal): Promise<'changed' | 'waiting'>;
  /** For a parent whose own call waits for people: until they decide on it, or until all that are open wait as well. */
  rest(signal: AbortSignal): Promise<'decided' | 'waiting'>;
  /** The parent has ended: so do they. Not for a parent that waits. */
  close(): Promise<void>;
};

type Told = { ok: boolean; text: string };
type Child = {
  row: ExecutionRow;
  delivered: boolean;
  /** Why it is to end, from whenever that was said. */
  stopped: string | null;
  stop(why: string): void;
};

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

  /** Those that no run is there to end. */
  const end = (waiting: readonly Child[], error: string) =>
    recorder.commit(async (batch) => {
      for (const { row } of waiting) await closeExecution(batch, row, { status: 'cancelled', error });
    });
  const start = (row: ExecutionRow) => {
    const own = settingsOf(context, settings, row.agent);
    const child = childOf(row, false);
    children.set(row.id, child);
    if (!own) throw new Error(`agent "${row.agent}" is not in the session's chain`);
    crew.add({
      execution: row,
      run: async () => {
        const stopper = createStopper();
        child.stop = stopper.stop;
        if (child.stopped) stopper.stop(child.stopped);
        try {
          stopper.limit(limits.timeout, await readUsedMs(kernel.database.pool, row.id));
          const compose = ({ contextChars }: { contextChars: number }) =>
            composeSubAgentTask({ task: row.task ?? '', alert: session.alert, contextChars });
          const ended = await run({ execution: row, settings: own, compose, stop: stopper.signal });
          // Stopped just as it began to wait.
          if (child.stopped && isOpen(child)) await end([child], child.stopped);
          return ended;
        } finally {
          stopper.done();
        }
      },
    });
  };
  /** If so, they are left to whoever takes the parent up again: from here on nobody is there who would stop them. */
  const allWait = () => {
    if (crew.counts().active > 0) return false;
    crew.close();
    return true;
  };
  for (const { row, delivered } of await loadChildren(context, parent.id)) {
    if (row.completedAt === null) start(row);
    else children.set(row.id, childOf(row, delivered));
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
    async cancel(executionId) {
      const child = children.get(executionId);
      if (!child) return { ok: false, text: `You have started no agent with the id "${executionId}".` };
      if (!isOpen(child)) return { ok: false, text: `It has already ended (${child.row.status}).` };
      child.stopped = 'Cancelled by the agent that started it.';
      child.stop(child.stopped);
      if (crew.drop(executionId)) await end([child], child.stopped);
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
      for (;;) {
        signal.throwIfAborted();
        if (unread().length > 0 || openOnes().length === 0) return 'changed';
        if (allWait()) return 'waiting';
        await unlessAborted(crew.change(), signal);
      }
    },
    async rest(signal) {
      for (;;) {
        signal.throwIfAborted();
        if (allWait()) return 'waiting';
        const looked = new AbortController();
        const decision = nextDecision(session.id, AbortSignal.any([looked.signal, signal]));
        try {
          if (await hasDecidedCall(kernel.database.pool, parent.id)) return 'decided';
          await unlessAborted(Promise.race([crew.change(), decision]), signal);
        } finally {
          looked.abort();
        }
      }
    },
    async close() {
      // First, so that none is taken up that nobody would stop.
      crew.close();
      for (const child of openOnes()) child.stop('Its parent has ended.');
      await crew.idle();
      const left = openOnes();
      if (left.length > 0 && !context.signal.aborted) await end(left, 'Its parent has ended.');
    },
  };
}

const childOf = (row: ExecutionRow, delivered: boolean): Child => ({
  row,
  delivered,
  stopped: null,
  stop: () => undefined,
});

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
