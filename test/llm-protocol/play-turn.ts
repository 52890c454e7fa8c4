import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { listSteps, type TurnObject, type TurnStep, type TurnUsage } from './script.ts';
import type { ResolvedUsage, ResponseEncoder, WireProtocol } from './wire.ts';

const DEFAULT_CHUNK_CHARS = 24;
/** The usual estimate when a script names no token counts. */
const BYTES_PER_TOKEN = 4;

export type Gates = { wait(gate: string, signal: AbortSignal): Promise<void> };

type PlayOptions = {
  turn: TurnObject;
  encoder: ResponseEncoder;
  response: ServerResponse;
  requestBytes: number;
  gates: Gates;
  /** Aborts when the client leaves or the server closes. */
  signal: AbortSignal;
};

/** Thrown by a step that ends the response early; not an error of the server. */
class ResponseEnded extends Error {}

/** Streams one scripted turn. Resolves when the response has ended, in whichever way the script says. */
export async function playTurn(options: PlayOptions): Promise<void> {
  const { turn, encoder, response, signal } = options;
  const steps = listSteps(turn);
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-request-id': 'req_scripted',
  });
  response.flushHeaders();
  let isFirst = true;
  const write = async (frames: string[]): Promise<void> => {
    for (const frame of frames) {
      if (!isFirst && turn.delayMs !== undefined) await sleep(turn.delayMs, undefined, { signal });
      isFirst = false;
      if (signal.aborted) throw new ResponseEnded();
      response.write(frame);
    }
  };
  try {
    await write(encoder.open());
    for (const step of steps) await playStep(step, options, write);
    const callsTools = steps.some((step) => step.type === 'tool_call');
    const usage = resolveUsage(turn.usage, steps, options.requestBytes);
    await write(encoder.finish(turn.finishReason ?? (callsTools ? 'tool_calls' : 'stop'), usage));
    response.end();
  } catch (error) {
    if (!(error instanceof ResponseEnded) && !signal.aborted) throw error;
  }
}

async function playStep(
  step: TurnStep,
  { turn, encoder, response, gates, signal }: PlayOptions,
  write: (frames: string[]) => Promise<void>,
): Promise<void> {
  switch (step.type) {
    case 'thinking':
    case 'text':
    case 'tool_call':
    case 'native_search':
    case 'native_page':
    case 'native_code':
      return write(encoder.content(step, turn.chunkSize ?? DEFAULT_CHUNK_CHARS));
    case 'raw':
      return write([step.data]);
    case 'wait':
      return sleep(step.ms, undefined, { signal });
    case 'block':
      return gates.wait(step.gate, signal);
    case 'error':
      await write(encoder.error({ message: step.message, code: step.code, status: step.status ?? 500 }));
      response.end();
      throw new ResponseEnded();
    case 'cut':
      response.end();
      throw new ResponseEnded();
    case 'reset':
      // One turn of the event loop lets the bytes written so far reach the client before the connection dies.
      await sleep(20, undefined, { signal });
      response.destroy();
      throw new ResponseEnded();
    case 'stall':
      return new Promise((_resolve, reject) => {
        if (signal.aborted) reject(new ResponseEnded());
        signal.addEventListener('abort', () => reject(new ResponseEnded()), { once: true });
      });
  }
}

/** Answers with the scripted HTTP error in the provider's error form. */
export function sendHttpError(
  response: ServerResponse,
  protocol: WireProtocol,
  error: NonNullable<TurnObject['httpError']>,
): void {
  const message = error.message ?? `scripted error ${error.status}`;
  const body = error.body ?? protocol.errorBody({ message, code: error.code, status: error.status });
  response.writeHead(error.status, { 'content-type': 'application/json', ...error.headers });
  response.end(body);
}

function resolveUsage(usage: TurnUsage | undefined, steps: TurnStep[], requestBytes: number): ResolvedUsage {
  const tokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
  const thinking = steps.flatMap((step) => (step.type === 'thinking' ? [step.text] : []));
  const reasoningTokens = usage?.reasoningTokens ?? tokens(thinking.join(''));
  const answer = steps.flatMap((step) => {
    if (step.type === 'text') return [step.text];
    return step.type === 'tool_call' ? [step.name, JSON.stringify(step.arguments ?? {})] : [];
  });
  return {
    inputTokens: usage?.inputTokens ?? Math.ceil(requestBytes / BYTES_PER_TOKEN),
    outputTokens: usage?.outputTokens ?? tokens(answer.join('')) + reasoningTokens,
    reasoningTokens,
    cachedInputTokens: usage?.cachedInputTokens ?? 0,
  };
}
