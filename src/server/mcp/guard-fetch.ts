import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import { CUT_MARK, ResponseTooLargeError, TOO_LARGE_MARK } from './classify-error.ts';

/** The id of the JSON-RPC request in a POST body; the SDK serialises it last. */
function requestIdOf(body: unknown): number | null {
  if (typeof body !== 'string' || !body.includes('"method"')) return null;
  const id = /"id":(\d+)\}$/.exec(body)?.[1];
  return id === undefined ? null : Number(id);
}

/** Counts the bytes of the event that is open, and notices event ids: a stream that has them can be resumed. */
class EventMeter {
  openBytes = 0;
  resumable = false;
  #edge = '\n';

  take(chunk: Uint8Array): void {
    const text =
      this.#edge + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    if (/\nid:/.test(text)) this.resumable = true;
    const ends = [...text.matchAll(/\n\r?\n/g)];
    const last = ends.at(-1);
    if (last) this.openBytes = text.length - last.index - last[0].length;
    else this.openBytes += chunk.byteLength;
    this.#edge = text.slice(-4);
  }
}

function errorEvent(id: number, message: string, mark: string): Uint8Array {
  const code = mark === CUT_MARK ? ErrorCode.ConnectionClosed : ErrorCode.InternalError;
  const data = JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, data: mark } });
  // The empty line first ends an event that was cut in its middle.
  return new TextEncoder().encode(`\n\nevent: message\ndata: ${data}\n\n`);
}

/**
 * Passes an event stream on, within bounds. When it ends without being resumable, an error answer for its request is
 * appended: the SDK itself would leave the call waiting for its timeout. A call already answered ignores it.
 */
function guardEventStream(
  body: ReadableStream<Uint8Array>,
  requestId: number | null,
  maxBytes: number,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const meter = new EventMeter();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const end = (message: string, mark: string, error?: unknown) => {
        if (requestId !== null) controller.enqueue(errorEvent(requestId, message, mark));
        if (requestId === null && error !== undefined) controller.error(error);
        else controller.close();
      };
      const lost = 'the connection was lost before the answer was complete';
      try {
        const { done, value } = await reader.read();
        if (done) {
          if (meter.resumable) controller.close();
          else end(lost, CUT_MARK);
          return;
        }
        meter.take(value);
        if (meter.openBytes > maxBytes) {
          const tooLarge = new ResponseTooLargeError(maxBytes);
          await reader.cancel(tooLarge).catch(() => undefined);
          end(tooLarge.message, TOO_LARGE_MARK, tooLarge);
          return;
        }
        controller.enqueue(value);
      } catch (error) {
        if (meter.resumable) controller.error(error);
        else end(lost, CUT_MARK, error);
      }
    },
    async cancel(reason) {
      await reader.cancel(reason).catch(() => undefined);
    },
  });
}

/** Passes a plain body on and fails it with `ResponseTooLargeError` beyond `maxBytes`. */
function boundBody(body: ReadableStream<Uint8Array>, maxBytes: number): ReadableStream<Uint8Array> {
  let bytes = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes > maxBytes) controller.error(new ResponseTooLargeError(maxBytes));
        else controller.enqueue(chunk);
      },
    }),
  );
}

/** A `fetch` for the SDK's HTTP transports that bounds what it takes and tells calls that their stream was cut. */
export function createGuardedFetch(maxBytes: number): FetchLike {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (!response.body) return response;
    const isEvents = response.headers.get('content-type')?.includes('text/event-stream') ?? false;
    const body =
      isEvents && response.ok
        ? guardEventStream(response.body, requestIdOf(init?.body), maxBytes)
        : boundBody(response.body, maxBytes);
    return new Response(body, {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
    });
  };
}
