import { SIGNAL_REPEAT_MS } from './tunables.ts';

/**
 * Calls `stop` on the first SIGTERM, SIGINT or SIGHUP, or when the process that started us is gone (its channel
 * closes), and `hasten` on a further one that is not an echo of the first.
 */
export function stopOnSignals(actions: { stop: () => void; hasten: () => void }): void {
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
  // The channel to whoever started us must not keep a finished process alive.
  process.channel?.unref();
}
