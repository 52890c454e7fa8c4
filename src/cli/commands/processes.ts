import type { Command } from 'commander';
import type { Outcome } from '../outcome.ts';
import { createOutput } from '../output.ts';
import { withKernel } from '../with-kernel.ts';

/** `up`, `web`, `worker`, `migrate`: the processes of an installation, together or one by one. */
export function addProcessCommands(program: Command, outcome: Outcome): void {
  program
    .command('up')
    .description('run everything: database (unless DATABASE_URL is set), migrations, web and worker')
    .action(async () => {
      const { runSupervisor } = await import('#src/supervisor/run-supervisor.ts');
      outcome.set(await runSupervisor());
    });
  program
    .command('web')
    .description('run a web process alone')
    .action(async () => {
      outcome.set(null);
      await import('#src/main.ts');
    });
  program
    .command('worker')
    .description('run a worker process alone')
    .action(async () => {
      outcome.set(null);
      await import('#worker/index.ts');
    });
  program
    .command('migrate')
    .description('bring the database to this version')
    .option('--quiet', 'print nothing when all is well')
    .action(async (options: { quiet?: boolean; json?: boolean }) => {
      const { migrate } = await import('#src/server/db/migrate.ts');
      const applied = await withKernel((kernel) => migrate(kernel.database), { migrate: false });
      if (options.quiet) return;
      const output = createOutput({ json: options.json ?? false });
      output.result(
        { applied },
        applied.length === 0 ? ['The database is up to date.'] : applied.map((name) => `applied ${name}`),
      );
    });
}
