import { decideRuling, type Ruling, readRulingFacts } from '#src/features/approvals/server/index.ts';
import { rightsOf } from '#src/features/mcp-servers/server/index.ts';
import type { ApprovalRule, Config } from '#src/server/config/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import { decideToolPolicy, type ToolPolicy } from '#src/server/mcp/index.ts';
import type { PlannedCall } from './agent-step.ts';
import { ASK_PERSON, askPersonSchema } from './ask-person.ts';
import { BUILT_IN_SERVER } from './built-in-tools.ts';
import type { RunSession } from './run-context.ts';

/**
 * Whether a planned call may be made: policy outside of the model first, then what people have decided on it. Looks into
 * the database only for calls that need a person.
 */
export async function ruleCall(
  sql: Sql,
  options: {
    sessionId: string;
    executionId: string;
    call: PlannedCall;
    config: Config;
    /** Of the session's chain, as it was when the session was created. */
    chainRules: readonly ApprovalRule[];
    actsFor: RunSession['actsFor'];
  },
): Promise<Ruling> {
  const { sessionId, executionId, call, config, actsFor } = options;
  if (call.server !== BUILT_IN_SERVER && !Object.hasOwn(config.mcpServers, call.server))
    return { action: 'refuse', view: `Not run: the server "${call.server}" is not configured any more.` };
  const policy = policyOf(options);
  if (policy.action === 'run') return { action: 'run' };
  if (policy.action === 'malformed') return { action: 'refuse', view: policy.why };
  const usesTheirs = rightsOf({ actsFor }, config.mcpServers[call.server]?.transport) !== null;
  const actsForId = usesTheirs ? (actsFor?.userId ?? null) : null;
  const facts = await readRulingFacts(sql, { ...call, sessionId, executionId, actsForId });
  return decideRuling({ policy, ...facts });
}

type Policy = ToolPolicy | { action: 'question'; why: string } | { action: 'malformed'; why: string };

function policyOf(options: {
  call: PlannedCall;
  config: Config;
  chainRules: readonly ApprovalRule[];
}): Policy {
  const { call, config, chainRules } = options;
  if (call.server === BUILT_IN_SERVER) {
    if (call.tool !== ASK_PERSON) return { action: 'run' };
    const question = askPersonSchema.safeParse(call.arguments);
    return question.success
      ? { action: 'question', why: 'the agent asks a person' }
      : {
          action: 'malformed',
          why: 'Not asked: "question" must be a text, "options" a short list of texts.',
        };
  }
  return decideToolPolicy({
    tool: { server: call.server, name: call.tool, readOnly: call.readOnly },
    approval: config.mcpServers[call.server]?.approval,
    chainRules,
    arguments: call.arguments,
  });
}
