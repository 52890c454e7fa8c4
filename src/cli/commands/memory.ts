import type { Command } from 'commander';
import { listMemoriesInputSchema, memoryPageSchema } from '#src/features/memories/schema.ts';
import { addConnectionOptions, type ConnectionOptions, connect } from '../connect.ts';
import { createOutput, formatTable } from '../output.ts';
import { parseArgument } from '../parse-argument.ts';
import { queryOf } from '../query-of.ts';

type ListOptions = ConnectionOptions & { query?: string; state?: string; category?: string; limit?: string };

/** `memory list`, over the REST API. */
export function addMemoryCommands(program: Command): void {
  const memory = program.command('memory').description('what past investigations taught');
  const list = memory
    .command('list')
    .description('the last confirmed first')
    .option('-q, --query <text>', 'only those that contain the words')
    .option('--category <category>', 'only semantic, episodic or procedural ones')
    .option('--state <state>', 'active, deprecated or all', 'active')
    .option('--limit <number>', 'how many', '20');
  addConnectionOptions(list).action(async (options: ListOptions) => {
    const wanted = {
      q: options.query,
      category: options.category,
      state: options.state,
      limit: options.limit,
    };
    parseArgument(listMemoriesInputSchema, wanted);
    const api = await connect(options);
    const page = await api.get(`/memories${queryOf(wanted)}`, memoryPageSchema);
    const rows = page.items.map(({ confidence, category, deprecatedAt, content }) => [
      `${Math.round(confidence * 100)} %`,
      deprecatedAt ? 'out of use' : category,
      content,
    ]);
    createOutput({ json: options.json ?? false }).result(
      page,
      rows.length === 0 ? ['Nothing is remembered.'] : formatTable(rows),
    );
  });
}
