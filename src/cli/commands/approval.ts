import type { Command } from 'commander';
import { z } from 'zod';
import {
  approvalFilterSchema,
  approvalSchema,
  type DecisionInput,
  decisionSchema,
} from '#src/features/approvals/schema.ts';
import { pageSchema } from '#src/features/sessions/schema.ts';
import { idSchema } from '#src/server/ids.ts';
import { addConnectionOptions, type ConnectionOptions, connect } from '../connect.ts';
import { describeApproval, describeDecision } from '../describe-approval.ts';
import { createOutput } from '../output.ts';
import { parseArgument } from '../parse-argument.ts';
import { queryOf } from '../query-of.ts';

type ListOptions = ConnectionOptions & { all?: boolean; session?: string; limit?: string };
type DecideOptions = ConnectionOptions & { reason?: string; iterations?: string; forSession?: boolean };

const requestId = (value: string) => parseArgument(idSchema, value, 'request id');

/** `approval list`, and a command for each decision, over the REST API. */
export function addApprovalCommands(program: Command): void {
  const approval = program.command('approval').description('what waits for a decision');

  const list = approval
    .command('list')
    .description('calls, questions and paused agents that wait, the newest first')
    .option('--all', 'also what was decided, by whom and when')
    .option('--session <id>', 'only of this session')
    .option('--limit <number>', 'how many', '20');
  addConnectionOptions(list).action(async (options: ListOptions) => {
    const { session: sessionId, limit, all } = options;
    const wanted = { sessionId, limit, status: all ? undefined : 'pending' };
    parseArgument(approvalFilterSchema.extend(pageSchema.shape), wanted);
    const page = await (await connect(options)).get(
      `/approvals${queryOf(wanted)}`,
      z.object({ items: z.array(approvalSchema), nextCursor: z.string().nullable() }),
    );
    createOutput({ json: options.json ?? false }).result(
      page,
      page.items.length === 0
        ? ['Nothing waits for a decision.']
        : page.items.flatMap((item, index) => [...(index === 0 ? [] : ['']), ...describeApproval(item)]),
    );
  });

  const add = (name: string, description: string) =>
    approval.command(name).description(description).argument('<id>', 'request id', requestId);
  const decide = async (id: string, input: Partial<DecisionInput>, options: ConnectionOptions) => {
    const body = parseArgument(decisionSchema, input);
    const decided = await (await connect(options)).post(`/approvals/${id}`, body, approvalSchema);
    createOutput({ json: options.json ?? false }).result(decided, [`${describeDecision(decided)}.`]);
  };
  const reasoned = (decision: DecisionInput['decision']) => (id: string, options: DecideOptions) =>
    decide(id, { decision, reason: options.reason }, options);
  const REASON = ['--reason <text>', 'why; the model reads it'] as const;

  addConnectionOptions(
    add('approve', 'run the call, with exactly its arguments').option(
      '--for-session',
      'and every later call of this tool in the session, with any arguments',
    ),
  ).action((id: string, options: DecideOptions) =>
    decide(id, { decision: 'approve', scope: options.forSession ? 'session' : 'once' }, options),
  );
  addConnectionOptions(add('deny', 'do not run the call, or do not answer').option(...REASON)).action(
    reasoned('deny'),
  );
  addConnectionOptions(
    add('answer', 'answer the question of an agent').argument('<answer...>', 'the answer'),
  ).action((id: string, answer: string[], options: ConnectionOptions) =>
    decide(id, { decision: 'approve', answer: answer.join(' ') }, options),
  );
  addConnectionOptions(
    add('continue', 'let the paused agent go on').option(
      '--iterations <number>',
      'how many more (default: as many as it had)',
    ),
  ).action((id: string, { iterations, ...options }: DecideOptions) =>
    decide(
      id,
      { decision: 'continue', ...(iterations === undefined ? {} : { iterations: Number(iterations) }) },
      options,
    ),
  );
  addConnectionOptions(
    add('conclude', 'have the paused agent answer from what it has').option(...REASON),
  ).action(reasoned('conclude'));
  addConnectionOptions(
    add('cancel', 'cancel the paused agent, with the agents it has started').option(...REASON),
  ).action(reasoned('cancel'));
}
