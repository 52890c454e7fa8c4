import type { Command } from 'commander';
import { z } from 'zod';
import { cancelExecutionSchema } from '#src/features/approvals/schema.ts';
import { chatMessageSchema } from '#src/features/chat/schema.ts';
import {
  listSessionsInputSchema,
  runStatusSchema,
  sessionListItemSchema,
} from '#src/features/sessions/schema.ts';
import { idSchema } from '#src/server/ids.ts';
import { askSession } from '../ask-session.ts';
import { UsageError } from '../cli-error.ts';
import { addConnectionOptions, type ConnectionOptions, connect } from '../connect.ts';
import { describeSession, describeSessionRow } from '../describe-session.ts';
import type { Outcome } from '../outcome.ts';
import { createOutput, formatTable } from '../output.ts';
import { parseArgument } from '../parse-argument.ts';
import { queryOf } from '../query-of.ts';
import { showSession } from '../show-session.ts';
import { watchSession } from '../watch-session.ts';
import { addReviewCommands } from './session-review.ts';

type ListOptions = ConnectionOptions & { status?: string; query?: string; limit?: string };

type CancelOptions = ConnectionOptions & { agent?: string; reason?: string };

const sessionId = (value: string) => parseArgument(idSchema, value, 'session id');
const executionId = (value: string) => parseArgument(idSchema, value, 'execution id');

/** `session list`, `show`, `cancel`, `watch` and `chat`, over the REST API. */
export function addSessionCommands(program: Command, outcome: Outcome): void {
  const session = program.command('session').description('investigations');

  const list = session
    .command('list')
    .description('the newest first')
    .option('--status <status>', 'only these, separated by commas')
    .option('-q, --query <text>', 'only those that contain the words')
    .option('--limit <number>', 'how many', '20');
  addConnectionOptions(list).action(async (options: ListOptions) => {
    const wanted = { status: options.status, q: options.query, limit: options.limit };
    parseArgument(listSessionsInputSchema, wanted);
    const api = await connect(options);
    const page = await api.get(
      `/sessions${queryOf(wanted)}`,
      z.object({ items: z.array(sessionListItemSchema), nextCursor: z.string().nullable() }),
    );
    const rows = page.items.map(describeSessionRow);
    createOutput({ json: options.json ?? false }).result(
      page,
      rows.length === 0 ? ['No sessions.'] : formatTable(rows),
    );
  });

  const show = session
    .command('show')
    .description('one session with its outcome')
    .argument('<id>', 'session id', sessionId);
  addConnectionOptions(show).action(async (id: string, options: ConnectionOptions) => {
    const { session: found, note } = await showSession(await connect(options), id);
    const lines = describeSession(found);
    createOutput({ json: options.json ?? false }).result(found, note === null ? lines : [...lines, '', note]);
  });

  const cancel = session
    .command('cancel')
    .description('stop a session, or one agent of it')
    .argument('<id>', 'session id', sessionId)
    .option('--agent <execution>', 'only this agent, by the id that `session show` prints', executionId)
    .option('--reason <text>', 'with --agent: why; the agent that started it reads it');
  addConnectionOptions(cancel).action(async (id: string, options: CancelOptions) => {
    const { agent, reason } = options;
    if (reason !== undefined && agent === undefined) throw new UsageError('--reason goes with --agent.');
    const path = agent === undefined ? 'cancel' : `executions/${agent}/cancel`;
    const api = await connect(options);
    const result = await api.post(
      `/sessions/${id}/${path}`,
      parseArgument(cancelExecutionSchema, { reason }),
      z.object({ status: runStatusSchema }),
    );
    const what = agent === undefined ? 'session' : 'agent';
    createOutput({ json: options.json ?? false }).result(result, [`The ${what} is ${result.status}.`]);
  });

  addReviewCommands(session);

  const watch = session
    .command('watch')
    .description('print what a session does until it ends; fails unless it completes')
    .argument('<id>', 'session id', sessionId);
  addConnectionOptions(watch).action(async (id: string, options: ConnectionOptions) => {
    const output = createOutput({ json: options.json ?? false });
    const api = await connect(options);
    await watchSession(api, id, (line) => output.line(line));
    const { session: ended } = await showSession(api, id);
    output.result(ended, describeSession(ended));
    outcome.set(ended.status === 'completed' ? 0 : 1);
  });

  const chat = session
    .command('chat')
    .description('ask an ended session a question and print the answer')
    .argument('<id>', 'session id', sessionId)
    .argument('<question...>', 'the question');
  addConnectionOptions(chat).action(async (id: string, words: string[], options: ConnectionOptions) => {
    const { message } = parseArgument(chatMessageSchema, { message: words.join(' ') });
    const output = createOutput({ json: options.json ?? false });
    const turn = await askSession(await connect(options), { id, message }, (line) => output.line(line));
    output.result(turn, [turn.answer ?? `No answer (${turn.status.replace('_', ' ')}): ${turn.error ?? ''}`]);
    outcome.set(turn.status === 'completed' ? 0 : 1);
  });
}
