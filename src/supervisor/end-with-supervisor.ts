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
