import { DECISION_POLL_MS } from './tunables.ts';

/** Who in this process waits for decisions of a session. */
const listeners = new Map<string, Set<() => void>>();

/** Hears that a person has decided something for a session (see `DECISION_CHANNEL`). */
export function announceDecision(sessionId: string): void {
  for (const listener of [...(listeners.get(sessionId) ?? [])]) listener();
}

/**
 * The next decision that is announced for a session; also resolves now and then without one, so that whoever waits looks
 * for himself, and when `signal` aborts. Call it before looking, so that none is missed.
 */
export function nextDecision(sessionId: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const mine = listeners.get(sessionId) ?? new Set();
    listeners.set(sessionId, mine);
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      mine.delete(done);
      if (mine.size === 0) listeners.delete(sessionId);
      resolve();
    };
    const timer = setTimeout(done, DECISION_POLL_MS);
    mine.add(done);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
