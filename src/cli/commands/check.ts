import type { Command } from 'commander';
import {
  type CheckView,
  checkListSchema,
  checkNameSchema,
  checkSchema,
  startedCheckSchema,
} from '#src/features/checks/schema.ts';
import { addConnectionOptions, type ConnectionOptions, connect } from '../connect.ts';
import { createOutput, formatTable } from '../output.ts';
import { parseArgument } from '../parse-argument.ts';

/** `check list|run|pause|resume`, over the REST API. */
export function addCheckCommands(program: Command): void {
  const check = program.command('check').description('what TARS looks at by itself');
  const list = check.command('list').description('the checks of the project, and what they came to');
  addConnectionOptions(list).action(async (options: ConnectionOptions) => {
    const api = await connect(options);
    const page = await api.get('/checks', checkListSchema);
    const rows = page.items.map((item) => [
      item.name,
      item.scheduleText,
      describeNext(item),
      describeLast(item),
    ]);
    createOutput({ json: options.json ?? false }).result(
      page,
      rows.length === 0 ? ['No check is configured: docs/checks.md shows how.'] : formatTable(rows),
    );
  });

  const run = check.command('run').description('run a check now').argument('<name>');
  addConnectionOptions(run).action(async (name: string, options: ConnectionOptions) => {
    const started = await (await connect(options)).post(pathOf(name, 'run'), {}, startedCheckSchema);
    createOutput({ json: options.json ?? false }).result(started, [
      `Session ${started.sessionId} was queued.`,
    ]);
  });

  for (const [command, description] of [
    ['pause', 'let its ticks pass unused'],
    ['resume', 'go on with its next tick'],
  ] as const) {
    const changed = check.command(command).description(description).argument('<name>');
    addConnectionOptions(changed).action(async (name: string, options: ConnectionOptions) => {
      const view = await (await connect(options)).post(pathOf(name, command), {}, checkSchema);
      createOutput({ json: options.json ?? false }).result(view, [`${view.name}: ${describeNext(view)}`]);
    });
  }
}

function pathOf(name: string, command: string): string {
  parseArgument(checkNameSchema, { name });
  return `/checks/${encodeURIComponent(name)}/${command}`;
}

function describeNext({ enabled, paused, nextRunAt }: CheckView): string {
  if (!enabled) return 'turned off';
  if (paused) return `paused by ${paused.by}`;
  return nextRunAt === null ? 'never due' : `next ${nextRunAt}`;
}

function describeLast({ last, openSessionId }: CheckView): string {
  const running = openSessionId ? 'runs now; ' : '';
  if (!last) return `${running}no outcome yet`;
  const since = last.unchanged ? ` (unchanged since ${last.since})` : '';
  return `${running}${last.outcome}: ${last.summary}${since}`;
}
