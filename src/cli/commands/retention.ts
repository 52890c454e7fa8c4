import type { Command } from 'commander';
import type { RemovedCounts } from '#src/features/retention/schema.ts';
import { CommandError } from '../cli-error.ts';
import { createOutput } from '../output.ts';
import { withKernel } from '../with-kernel.ts';

/** `retention run`. */
export function addRetentionCommands(program: Command): void {
  const retention = program.command('retention').description('what is deleted after its time');
  retention
    .command('run')
    .description(
      'remove now what is older than `retention` of the configuration allows; workers do it every hour',
    )
    .option('--dry-run', 'only count it')
    .action(async (options: { dryRun?: boolean; json?: boolean }) => {
      const { countDue, runSweep } = await import('#src/features/retention/server/index.ts');
      const output = createOutput({ json: options.json ?? false });
      const stop = new AbortController();
      const onSignal = () => stop.abort();
      process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
      const removed = await withKernel((kernel) =>
        options.dryRun ? countDue(kernel) : runSweep(kernel, { signal: stop.signal }),
      );
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
      if (!removed)
        throw new CommandError('Another process is sweeping right now; its figures are on the system page.');
      const dryRun = options.dryRun ?? false;
      output.result({ dryRun, ...removed }, linesOf(removed, dryRun));
    });
}

const linesOf = (counts: RemovedCounts, dryRun: boolean): string[] => [
  dryRun ? 'Would be removed:' : 'Removed:',
  `  sessions               ${counts.sessions}`,
  `  payloads of calls      ${counts.calls}`,
  `  events                 ${counts.events}`,
  `  alerts                 ${counts.alerts}`,
  `  sums of usage          ${counts.usage}`,
];
