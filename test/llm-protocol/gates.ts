/** Named gates that hold a scripted response until a test opens them. */
export type GateKeeper = {
  /** Resolves once the gate is open. @throws the signal's reason when it aborts first */
  wait(gate: string, signal: AbortSignal): Promise<void>;
  /** Opens the gate for good. */
  release(gate: string): void;
  /** Names of the gates at which somebody waits now. */
  listBlocked(): string[];
};

export function createGates(): GateKeeper {
  const opened = new Set<string>();
  const waiting = new Map<string, Set<() => void>>();
  return {
    wait(gate, signal) {
      if (opened.has(gate)) return Promise.resolve();
      return new Promise<void>((resolve, reject) => {
        const waiters = waiting.get(gate) ?? new Set();
        waiting.set(gate, waiters);
        const leave = (): void => {
          waiters.delete(resume);
          signal.removeEventListener('abort', onAbort);
        };
        const resume = (): void => {
          leave();
          resolve();
        };
        const onAbort = (): void => {
          leave();
          reject(signal.reason);
        };
        waiters.add(resume);
        signal.addEventListener('abort', onAbort, { once: true });
        if (signal.aborted) onAbort();
      });
    },
    release(gate) {
      opened.add(gate);
      for (const resume of [...(waiting.get(gate) ?? [])]) resume();
    },
    listBlocked: () => [...waiting].flatMap(([gate, waiters]) => (waiters.size > 0 ? [gate] : [])),
  };
}
