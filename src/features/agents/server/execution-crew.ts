import {
  type ExecutionRow,
  findDecidedExecutions,
  nextDecision,
} from '#src/features/sessions/server/index.ts';
import type { RunContext } from './run-context.ts';

export type CrewMember = {
  execution: ExecutionRow;
  /** Runs it from where its rows stand until it ends or waits for people. Rejects only when the whole run stops. */
  run(): Promise<ExecutionRow>;
};

export type Crew = {
  add(member: CrewMember): void;
  counts(): { active: number; waiting: number };
  /** The next time one of them ends, waits, or goes on. Rejects with what one of them rejected with. */
  change(): Promise<void>;
  /** Waits until none is active. */
  idle(): Promise<void>;
  /** Leaves one that waits for people out from now on. False: it does not wait. */
  drop(executionId: string): boolean;
  /** None that waits is taken up any more. */
  close(): void;
};

/**
 * Executions that run side by side. One that waits for people is taken up again as soon as a decision has come for it, until
 * the crew is closed.
 */
export function createCrew(context: RunContext): Crew {
  const { kernel, session } = context;
  const active = new Map<string, Promise<void>>();
  const waiting = new Map<string, CrewMember>();
  const closed = new AbortController();
  let failure: { error: unknown } | null = null;
  let watching = false;
  let changed = Promise.withResolvers<void>();

  const tell = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  const launch = (member: CrewMember) => {
    const { id } = member.execution;
    const running = member
      .run()
      .then((row) => {
        if (row.status === 'waiting') waiting.set(id, member);
      })
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        active.delete(id);
        if (waiting.size > 0) void watch();
        tell();
      });
    active.set(id, running);
  };

  const watch = async () => {
    if (watching) return;
    watching = true;
    try {
      const over = AbortSignal.any([closed.signal, context.signal]);
      while (waiting.size > 0 && !over.aborted) {
        const decision = nextDecision(session.id, over);
        const decided = await findDecidedExecutions(kernel.database.pool, session.id);
        for (const [id, member] of waiting) {
          if (!decided.has(id) || over.aborted) continue;
          waiting.delete(id);
          launch(member);
          tell();
        }
        await decision;
      }
    } catch (error) {
      failure ??= { error };
      tell();
    } finally {
      watching = false;
    }
  };

  return {
    add: launch,
    counts: () => ({ active: active.size, waiting: waiting.size }),
    async change() {
      if (!failure && active.size > 0) await changed.promise;
      if (!failure) return;
      await Promise.all(active.values());
      throw failure.error;
    },
    async idle() {
      while (active.size > 0) await Promise.race(active.values());
    },
    drop: (executionId) => waiting.delete(executionId),
    close() {
      closed.abort();
      waiting.clear();
    },
  };
}
