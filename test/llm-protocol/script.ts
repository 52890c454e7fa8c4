import { z } from 'zod';

/**
 * What a scripted model answers, independent of the provider whose protocol carries it.
 * The schemas validate the JSON form, which the stand-alone server reads (see main.ts).
 */

const usageSchema = z.strictObject({
  inputTokens: z.number().int().nonnegative().optional(),
  outputTokens: z.number().int().nonnegative().optional(),
  reasoningTokens: z.number().int().nonnegative().optional(),
  cachedInputTokens: z.number().int().nonnegative().optional(),
});

const toolCallFields = {
  name: z.string(),
  /** An object is sent as JSON. A string is sent as it stands, which is how a model's malformed arguments are scripted. */
  arguments: z.union([z.record(z.string(), z.unknown()), z.string()]).optional(),
  id: z.string().optional(),
};
const toolCallSchema = z.strictObject(toolCallFields);

/** What the provider's own tools do inside an answer. `error` is the provider's word for a failure. */
const nativeStepSchemas = [
  z.strictObject({
    type: z.literal('native_search'),
    query: z.string(),
    sources: z.array(z.strictObject({ url: z.string(), title: z.string() })).optional(),
    error: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('native_page'),
    url: z.string(),
    title: z.string().optional(),
    text: z.string().optional(),
    error: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('native_code'),
    code: z.string(),
    output: z.string(),
    failed: z.boolean().optional(),
  }),
] as const;

const stepSchema = z.discriminatedUnion('type', [
  ...nativeStepSchemas,
  z.strictObject({ type: z.literal('thinking'), text: z.string(), signature: z.string().optional() }),
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.strictObject({ type: z.literal('tool_call'), ...toolCallFields }),
  /** Sends nothing for this long. */
  z.strictObject({ type: z.literal('wait'), ms: z.number().nonnegative() }),
  /** Sends nothing until `release(gate)`; a gate that was released before does not block. */
  z.strictObject({ type: z.literal('block'), gate: z.string() }),
  /** An error event inside the stream, in the provider's own form, after which the response ends. */
  z.strictObject({
    type: z.literal('error'),
    message: z.string(),
    code: z.string().optional(),
    status: z.number().int().optional(),
  }),
  /** Ends the response cleanly, without the provider's finish event. */
  z.strictObject({ type: z.literal('cut') }),
  /** Destroys the connection. */
  z.strictObject({ type: z.literal('reset') }),
  /** Keeps the connection open and sends nothing more until the client leaves or the server closes. */
  z.strictObject({ type: z.literal('stall') }),
  /** Bytes written as they stand, for damage that no other step expresses. */
  z.strictObject({ type: z.literal('raw'), data: z.string() }),
]);

const turnObjectSchema = z.strictObject({
  /** Shorthand: sent as thinking, then text, then tool calls, then `steps`. */
  thinking: z.string().optional(),
  text: z.string().optional(),
  toolCalls: z.array(toolCallSchema).optional(),
  steps: z.array(stepSchema).optional(),
  /** Answers with this status instead of a stream. The body has the provider's error form unless `body` is given. */
  httpError: z
    .strictObject({
      status: z.number().int().min(300).max(599),
      message: z.string().optional(),
      code: z.string().optional(),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.string().optional(),
    })
    .optional(),
  /** Waits before the response headers are sent. */
  startDelayMs: z.number().nonnegative().optional(),
  /** Blocks before the response headers until `release(gate)`. */
  startGate: z.string().optional(),
  /** Pause before each frame after the first. */
  delayMs: z.number().nonnegative().optional(),
  /** Characters per delta. Default 24. */
  chunkSize: z.number().int().positive().optional(),
  /** Default: tool_calls when the turn calls tools, else stop. */
  finishReason: z.enum(['stop', 'tool_calls', 'length', 'content_filter', 'pause']).optional(),
  /** Missing numbers are estimated at four bytes per token. */
  usage: usageSchema.optional(),
});

const turnSchema = z.union([z.string(), turnObjectSchema]);

const conditionSchema = z.strictObject({
  model: z.string().optional(),
  /** The system prompt contains this. */
  systemContains: z.string().optional(),
  /** Any message (system prompt excluded) contains this. */
  contains: z.string().optional(),
  notContains: z.string().optional(),
  /** The last user message or tool result contains this. */
  lastContains: z.string().optional(),
  /** Number of assistant messages in the request: which turn of its own conversation this is, from 0. */
  assistantTurns: z.number().int().nonnegative().optional(),
  hasTools: z.boolean().optional(),
  /** A tool of this wire name is offered. */
  offersTool: z.string().optional(),
  /** A result of this tool is in the conversation. */
  hasResultOf: z.string().optional(),
});

const ruleSchema = z.strictObject({
  when: conditionSchema,
  /** How often the rule applies. Default: always. */
  times: z.number().int().positive().optional(),
  turn: turnSchema,
});

/**
 * The JSON form of a script. For each request: the first rule that matches and is not used up, else the next of
 * `turns`, else `fallback`, else HTTP 400 naming the exhausted script.
 */
export const scriptFileSchema = z.strictObject({
  rules: z.array(ruleSchema).optional(),
  turns: z.array(turnSchema).optional(),
  fallback: turnSchema.optional(),
});

export type TurnUsage = z.infer<typeof usageSchema>;
export type TurnStep = z.infer<typeof stepSchema>;
export type TurnObject = z.infer<typeof turnObjectSchema>;
export type Turn = z.infer<typeof turnSchema>;
export type RequestCondition = z.infer<typeof conditionSchema>;
export type ScriptFile = z.infer<typeof scriptFileSchema>;
export type FinishReason = NonNullable<TurnObject['finishReason']>;

/** The steps of a turn in the order in which they are sent. */
export function listSteps(turn: TurnObject): TurnStep[] {
  return [
    ...(turn.thinking === undefined ? [] : [{ type: 'thinking' as const, text: turn.thinking }]),
    ...(turn.text === undefined ? [] : [{ type: 'text' as const, text: turn.text }]),
    ...(turn.toolCalls ?? []).map((call) => ({ type: 'tool_call' as const, ...call })),
    ...(turn.steps ?? []),
  ];
}
