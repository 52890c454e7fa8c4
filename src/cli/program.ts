import { Command } from 'commander';
import { version } from '#src/server/version.ts';
import { addAlertCommands } from './commands/alert.ts';
import { addApprovalCommands } from './commands/approval.ts';
import { addCheckCommands } from './commands/check.ts';
import { addConfigCommands } from './commands/config.ts';
import { addKeyCommands } from './commands/key.ts';
import { addLoginCommands } from './commands/login.ts';
import { addMcpCommands } from './commands/mcp.ts';
import { addMemberCommands } from './commands/member.ts';
import { addMemoryCommands } from './commands/memory.ts';
import { addNotifyCommands } from './commands/notify.ts';
import { addProcessCommands } from './commands/processes.ts';
import { addProjectCommands } from './commands/project.ts';
import { addRetentionCommands } from './commands/retention.ts';
import { addRunbookCommands } from './commands/runbook.ts';
import { addSessionCommands } from './commands/session.ts';
import { addUsageCommand } from './commands/usage.ts';
import type { Outcome } from './outcome.ts';

/** Adds commands to the program. */
export type AddCommands = (program: Command, outcome: Outcome) => void;

/** The whole command line, with `more` commands from outside the product. Each command loads what it needs when it runs, so that `--help` is instant. */
export function createProgram(more: readonly AddCommands[] = []): Command & { outcome(): number | null } {
  let exitCode: number | null = 0;
  const outcome: Outcome = {
    set: (code) => {
      exitCode = code;
    },
  };
  const program = new Command('tars')
    .description(
      'Alerts in, evidenced investigations out. Environment: see docs/operations.md. Exit codes: 0 ok, 1 failed, 2 wrong usage.',
    )
    .version(version)
    .exitOverride()
    .showHelpAfterError('(tars --help lists the commands)');
  addProcessCommands(program, outcome);
  addConfigCommands(program);
  addProjectCommands(program);
  addMemberCommands(program);
  addKeyCommands(program);
  addLoginCommands(program);
  addAlertCommands(program);
  addRunbookCommands(program);
  addCheckCommands(program);
  addSessionCommands(program, outcome);
  addApprovalCommands(program);
  addMcpCommands(program);
  addMemoryCommands(program);
  addUsageCommand(program);
  addNotifyCommands(program, outcome);
  addRetentionCommands(program);
  for (const add of more) add(program, outcome);
  for (const command of allCommands(program)) {
    command.exitOverride().showHelpAfterError('(add --help for the options)');
    if (command.commands.length === 0) command.option('--json', 'print the result as JSON, as the last line');
  }
  return Object.assign(program, { outcome: () => exitCode });
}

const allCommands = (command: Command): Command[] =>
  command.commands.flatMap((child) => [child, ...allCommands(child)]);
