import { PARENT_CHECK_MS, SIGNAL_REPEAT_MS } from './tunables.ts';

/**
 * Calls `stop` on the first SIGTERM, SIGINT or SIGHUP, or when the process that started us is gone (its channel closes;
 * with `npm`, a changed parent), and `hasten` on a further one that is not an echo of the first.
 */
export function stopOnSignals(actions: { stop: () => void; hasten: () => void; npm: boolean }): void {
  let firstMs: number | undefined;
  const receive = () => {
    if (firstMs === undefined) {
      firstMs = Date.now();
      actions.stop();
    } else if (Date.now() - firstMs > SIGNAL_REPEAT_MS) {
      actions.hasten();
    }
  };
  process.on('SIGTERM', receive).on('SIGINT', receive).on('SIGHUP', receive).on('disconnect', receive);
  // npm that is killed, or its shell, takes nobody along: without this everything would run on for ever.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    receive();
  }, PARENT_CHECK_MS).unref();
  if (!actions.npm) clearInterval(watch);
  // The channel to whoever started us must not keep a finished process alive.
  process.channel?.unref();
}
