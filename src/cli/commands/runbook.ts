import type { Command } from 'commander';
import { runbookListSchema } from '#src/features/runbooks/schema.ts';
import { addConnectionOptions, type ConnectionOptions, connect } from '../connect.ts';
import { createOutput, formatTable } from '../output.ts';
import { queryOf } from '../query-of.ts';

/** `runbook list`, over the REST API. */
export function addRunbookCommands(program: Command): void {
  const runbook = program.command('runbook').description('runbooks that alerts can be given');
  const list = runbook
    .command('list')
    .description('by path; the address is what `alert send --runbook` takes')
    .option('-q, --query <text>', 'only those whose path contains the words');
  addConnectionOptions(list).action(async (options: ConnectionOptions & { query?: string }) => {
    const api = await connect(options);
    const found = await api.get(`/runbooks${queryOf({ q: options.query })}`, runbookListSchema);
    const rows = found.items.map(({ path, url }) => [path, url]);
    createOutput({ json: options.json ?? false }).result(found, [
      ...(rows.length === 0 ? ['No runbooks.'] : formatTable(rows)),
      ...(found.note ? [found.note] : []),
    ]);
  });
}
