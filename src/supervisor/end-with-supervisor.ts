import { ORPHAN_SELF_END_MS } from './tunables.ts';

/**
 * Preloaded (`--import`) into every process that the supervisor starts: when the channel to it closes, because it was
 * killed, the process is asked to stop like by a SIGTERM, and ended if it does not.
 */
process.once('disconnect', () => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), ORPHAN_SELF_END_MS).unref();
  process.kill(process.pid, 'SIGTERM');
});
// The listener alone must not keep a finished process alive.
process.channel?.unref();

// Whatever forks itself from here takes over our arguments, but its channel leads to us and is what keeps it alive: with this
// file preloaded, the workers of Next (in development) would end before they are told what to do.
const preload = process.execArgv.indexOf(import.meta.url);
if (preload > 0) process.execArgv.splice(preload - 1, 2);
