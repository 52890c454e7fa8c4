import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { ImageAudience } from '#src/server/config/schema.ts';
import { newId } from '../ids.ts';
import { mayRetry } from './classify-error.ts';
import { readContent, type ToolResult, ToolResultSchema } from './describe-content.ts';
import { toFailure } from './describe-failure.ts';
import { createLiveOutput } from './live-output.ts';
import type { ServerConnection } from './server-connection.ts';
import { MAX_CALL_TIMEOUT_MS, RETRY_DELAY_MAX_MS, RETRY_DELAY_MIN_MS } from './tunables.ts';
import type { Masker, McpTool, ToolCallOutcome, ToolProgress } from './types.ts';

export type CallToolOptions = {
  connection: ServerConnection;
  tool: McpTool;
  arguments: Record<string, unknown>;
  /** Of the whole call with its retry; cut to `MAX_CALL_TIMEOUT_MS`. */
  timeoutMs: number;
  masker: Masker;
  images: ImageAudience;
  signal: AbortSignal;
  onProgress?: ((progress: ToolProgress) => void) | undefined;
  /** What the server says while the call runs, to be appended to what came before. */
  onOutput?: ((text: string) => void) | undefined;
};

type Outcome = Omit<ToolCallOutcome, 'durationMs'>;

/** A result fails closed: what cannot be masked is not passed on. */
function toOutcome(result: ToolResult, { tool, masker, images: audience }: CallToolOptions): Outcome {
  const content = readContent(result, audience);
  let text: string;
  try {
    text = masker.text(content.text);
  } catch {
    return {
      status: 'failed',
      isToolError: false,
      errorCode: 'masking_failed',
      text: `${tool.wireName} was executed, but its result could not be masked and is therefore withheld.`,
    };
  }
  const { images } = content;
  if (result.isError === true)
    return { status: 'failed', isToolError: true, errorCode: 'tool', text, images };
  return { status: 'completed', isToolError: false, text, images };
}

async function attempts(
  options: CallToolOptions,
  { timeoutMs, limit, progressToken }: { timeoutMs: number; limit: AbortSignal; progressToken: string },
): Promise<Outcome> {
  const { connection, tool, masker } = options;
  const signal = AbortSignal.any([options.signal, limit]);
  const send = (client: Client) =>
    client.request(
      {
        method: 'tools/call',
        params: { name: tool.name, arguments: options.arguments, _meta: { progressToken } },
      },
      ToolResultSchema,
      {
        signal,
        // Our own limit ends the call; the SDK's is only kept out of its way.
        timeout: MAX_CALL_TIMEOUT_MS * 2,
      },
    );
  for (let attempt = 1; ; attempt += 1) {
    try {
      return toOutcome(await connection.request(send, { signal }), options);
    } catch (error) {
      const failure = connection.classify(error, {
        aborted: options.signal.aborted,
        timedOut: limit.aborted,
      });
      if (attempt > 1 || signal.aborted || !mayRetry(failure, tool))
        return toFailure(failure, { ...tool, what: tool.wireName, masker, timeoutMs });
      const waitMs = RETRY_DELAY_MIN_MS + Math.random() * (RETRY_DELAY_MAX_MS - RETRY_DELAY_MIN_MS);
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/**
 * One tool call: its timeout, its cancellation, its one retry. Never throws; every way to fail is an outcome whose
 * text is masked and made for the model. A changing call is only repeated when it certainly did not start.
 */
export async function callTool(options: CallToolOptions): Promise<ToolCallOutcome> {
  const startedAt = performance.now();
  const timeoutMs = Math.min(options.timeoutMs, MAX_CALL_TIMEOUT_MS);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error('timed out')), timeoutMs);
  const live = createLiveOutput(options);
  const progressToken = newId();
  const stopListening = options.connection.listen({ progressToken, ...live });
  try {
    const outcome = await attempts(options, { timeoutMs, limit: limit.signal, progressToken });
    return { ...outcome, durationMs: Math.round(performance.now() - startedAt) };
  } finally {
    clearTimeout(timer);
    stopListening();
    live.end();
  }
}
