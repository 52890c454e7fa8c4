import type { AssistantModelMessage, ModelMessage, ToolModelMessage } from 'ai';
import { inertText } from '#src/lib/inert-text.ts';
import { imagePart } from '#src/server/llm/index.ts';
import type { KeptImage, PlannedCall } from './agent-step.ts';

export type RequestedCall = { callId: string; wireName: string; arguments: Record<string, unknown> };

/** The calls of an assistant message, in the model's order. */
export function callsOf(message: AssistantModelMessage): RequestedCall[] {
  if (typeof message.content === 'string') return [];
  return message.content.flatMap((part) =>
    part.type === 'tool-call' && part.providerExecuted !== true
      ? [{ callId: part.toolCallId, wireName: part.toolName, arguments: asObject(part.input) }]
      : [],
  );
}

export function textOf(message: ModelMessage): string {
  if (typeof message.content === 'string') return message.content;
  return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** Calls of the last assistant message that have no results yet: the run stopped, or is, in the middle of them. */
export function unansweredCalls(messages: readonly ModelMessage[]): RequestedCall[] {
  const last = messages.at(-1);
  return last?.role === 'assistant' ? callsOf(last) : [];
}

/**
 * Results in the order of the calls. Each names its id in the last line, which is how the answer refers to it; a reference
 * that the tool itself has printed is none. Images that models may see stand beside the text as references.
 */
export function toolResultsMessage(
  results: {
    callId: string;
    wireName: string;
    text: string;
    failed: boolean;
    images?: readonly KeptImage[] | undefined;
  }[],
): ToolModelMessage {
  return {
    role: 'tool',
    content: results.map(({ callId, wireName, text, failed, images = [] }) => {
      const value = `${inertText(text, { references: 'inert' })}\n\n[tool: ${callId}]`;
      const shown = images.filter((image) => image.forModels);
      return {
        type: 'tool-result',
        toolCallId: callId,
        toolName: wireName,
        output:
          shown.length === 0
            ? { type: failed ? 'error-text' : 'text', value }
            : { type: 'content', value: [{ type: 'text', text: value }, ...shown.map(toPart)] },
      };
    }),
  };
}

const toPart = ({ id, mediaType, bytes }: KeptImage) => imagePart({ image: id, mediaType, bytes });

/** Longest id that every provider takes back is 64 characters; a suffix has to fit. */
const CALL_ID_MAX_CHARS = 48;

/**
 * The answer with call ids that every provider takes and that name one call each: some servers number calls per turn,
 * and a reference in the final analysis must lead to one result. `callIds` are in the order of the calls.
 *
 * @param taken ids in use, which the new ones are added to
 * @param suffix sets the calls of executions apart that run side by side
 */
export function withUniqueCallIds(
  answer: readonly ModelMessage[],
  taken: Set<string>,
  suffix: string,
): { messages: ModelMessage[]; callIds: string[] } {
  const callIds: string[] = [];
  const messages = answer.map((message): ModelMessage => {
    if (message.role !== 'assistant' || typeof message.content === 'string') return message;
    const content = message.content.map((part) => {
      // A provider knows its own calls by the ids that it gave them.
      if (part.type !== 'tool-call' || part.providerExecuted === true) return part;
      const toolCallId = freeId(part.toolCallId, suffix, taken);
      taken.add(toolCallId);
      callIds.push(toolCallId);
      return { ...part, toolCallId };
    });
    return { ...message, content };
  });
  return { messages, callIds };
}

function freeId(id: string, suffix: string, taken: ReadonlySet<string>): string {
  const safe = `${id.replaceAll(/[^\w-]/g, '_').slice(0, CALL_ID_MAX_CHARS) || 'call'}${suffix}`;
  if (!taken.has(safe)) return safe;
  for (let n = 2; ; n += 1) if (!taken.has(`${safe}-${n}`)) return `${safe}-${n}`;
}

/** The same call of the same tool, whatever the order of its keys; a name on the wire may stand for another tool later. */
export function callKey({
  server,
  tool,
  arguments: args,
}: Pick<PlannedCall, 'server' | 'tool' | 'arguments'>): string {
  return `${server} ${tool} ${JSON.stringify(args, (_key, value: unknown) => (isObject(value) ? sortKeys(value) : value))}`;
}

function sortKeys(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const asObject = (value: unknown): Record<string, unknown> => (isObject(value) ? value : { input: value });
