import { nextDecision, readCancellations } from '#src/features/sessions/server/index.ts';
import type { Kernel } from '#src/server/kernel.ts';

type Watch = { stops: Map<string, (why: string) => void>; closed: AbortController };

/** The sessions whose agents run in this process, each looked after once for all of them. */
const watches = new Map<string, Watch>();

/**
 * Calls `stop` when a person wants an execution ended alone: within milliseconds of the command where this process hears of
 * it (see `DECISION_CHANNEL`), else when it looks for itself. What was asked before is for the caller to read, after this.
 */
export function watchCancellations(
  kernel: Kernel,
  options: { sessionId: string; executionId: string; stop: (why: string) => void },
): { close(): void } {
  const { sessionId, executionId, stop } = options;
  const watch = watches.get(sessionId) ?? openWatch(kernel, sessionId);
  watch.stops.set(executionId, stop);
  return {
    close() {
      watch.stops.delete(executionId);
      if (watch.stops.size > 0) return;
      watches.delete(sessionId);
      watch.closed.abort();
    },
  };
}

function openWatch(kernel: Kernel, sessionId: string): Watch {
  const watch: Watch = { stops: new Map(), closed: new AbortController() };
  watches.set(sessionId, watch);
  void look(kernel, sessionId, watch);
  return watch;
}

async function look(kernel: Kernel, sessionId: string, { stops, closed }: Watch): Promise<void> {
  let next = nextDecision(sessionId, closed.signal);
  while (!closed.signal.aborted) {
    await next;
    if (closed.signal.aborted) return;
    // Before looking, so that none is missed.
    next = nextDecision(sessionId, closed.signal);
    try {
      for (const [id, why] of await readCancellations(kernel.database.pool, sessionId)) stops.get(id)?.(why);
    } catch (error) {
      kernel.log.warn({ err: error }, 'cancelled agents are seen at the next look');
    }
  }
}
