import type { ModelMessage } from 'ai';
import type { SecretBox } from '#src/server/crypto.ts';
import type { Sql } from '#src/server/db/database.ts';
import type { SessionIdentifiers } from '#src/server/identifiers/index.ts';
import type { KeptImage, PlannedCall, ToolEnd } from './agent-step.ts';
import { callKey, unansweredCalls } from './conversation.ts';
import { readKeptImages } from './tool-images.ts';
import type { EarlierCall } from './tool-runner.ts';

type MessageRecord = { seq: number; role: string; content: ModelMessage };

type ToolCallRecord = {
  iteration: number;
  index: number;
  call_id: string;
  wire_name: string;
  server: string;
  tool: string;
  arguments: Record<string, unknown>;
  arguments_sealed: Buffer | null;
  read_only: boolean;
  status: string;
  result: string | null;
  summary: 'pending' | 'completed' | 'failed' | null;
  output_id: string | null;
  output_bytes: number;
  error: string | null;
  duration_ms: number | null;
};

export type Conversation = {
  /** Null when the execution has not opened yet. */
  system: string | null;
  messages: ModelMessage[];
  /** Every call so far, with its end as far as it has one. */
  earlier: EarlierCall[];
  /** Calls of the last answer when their results are not in the conversation yet. */
  planned: PlannedCall[];
};

/** The conversation of an execution as its rows tell it: what a resumed run goes on from. */
export async function loadConversation(sql: Sql, executionId: string, exact: Exact): Promise<Conversation> {
  const messageRows = await sql.query<MessageRecord>(
    'select seq, role, content from message where execution_id = $1 order by seq',
    [executionId],
  );
  const callRows = await sql.query<ToolCallRecord>(
    'select * from tool_call where execution_id = $1 order by iteration, index',
    [executionId],
  );
  const images = await readKeptImages(sql, executionId);
  const [first, ...rest] = messageRows.rows;
  const messages = rest.map((row) => row.content);
  const earlier = callRows.rows.map((row) => earlierCall(row, exact, images.get(row.call_id) ?? []));
  const open = new Set(unansweredCalls(messages).map((call) => call.callId));
  return {
    system: first ? systemText(first.content) : null,
    messages,
    earlier,
    planned: earlier.map(({ call }) => call).filter((call) => open.has(call.callId)),
  };
}

/** Ids of calls that other executions of the session have made: a reference to one must not lead to another. */
export async function loadOtherCallIds(
  sql: Sql,
  options: { sessionId: string; executionId: string },
): Promise<string[]> {
  const { rows } = await sql.query<{ call_id: string }>(
    'select call_id from tool_call where session_id = $1 and execution_id <> $2',
    [options.sessionId, options.executionId],
  );
  return rows.map((row) => row.call_id);
}

const systemText = (message: ModelMessage): string =>
  typeof message.content === 'string' ? message.content : '';

/** The ways back to the arguments that a tool was or is called with. */
type Exact = { secrets: SecretBox; identifiers: Pick<SessionIdentifiers, 'revealArguments'> };

function earlierCall(
  row: ToolCallRecord,
  { secrets, identifiers }: Exact,
  images: readonly KeptImage[],
): EarlierCall {
  const call: PlannedCall = {
    index: row.index,
    iteration: row.iteration,
    callId: row.call_id,
    wireName: row.wire_name,
    server: row.server,
    tool: row.tool,
    readOnly: row.read_only,
    arguments: row.arguments_sealed
      ? JSON.parse(secrets.open(row.arguments_sealed))
      : identifiers.revealArguments(row.arguments).arguments,
    maskedArguments: row.arguments,
    problem: isOpen(row) ? row.error : null,
  };
  return { call, key: callKey(call), end: endOf(row, images) };
}

/** Not made to its end; `error` then says why it cannot be made at all. */
const isOpen = (row: ToolCallRecord): boolean => ['planned', 'waiting', 'running'].includes(row.status);

function endOf(row: ToolCallRecord, images: readonly KeptImage[]): EarlierCall['end'] {
  switch (row.status) {
    case 'planned':
    case 'waiting':
      return null;
    case 'running':
      // Reading again does no harm, and a call that could not be made was not made; anything else may have happened or not.
      return row.read_only || row.error !== null ? null : 'unknown_outcome';
    case 'completed':
    case 'failed':
    case 'refused':
    case 'timed_out':
    case 'cancelled':
    case 'unknown': {
      const end: ToolEnd = {
        status: row.status,
        view: row.result ?? '',
        output: row.output_id ? { id: row.output_id, text: '' } : null,
        outputBytes: row.output_bytes,
        durationMs: row.duration_ms ?? 0,
        error: row.error,
        ...(row.summary ? { summary: row.summary } : {}),
        ...(images.length > 0 ? { images } : {}),
      };
      return end;
    }
    default:
      throw new Error(`tool call has an unknown status "${row.status}"`);
  }
}
