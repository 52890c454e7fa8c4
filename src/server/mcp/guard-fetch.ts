import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import { CUT_MARK, ResponseTooLargeError, TOO_LARGE_MARK } from './classify-error.ts';
import { findMessageId } from './read-bounded-lines.ts';

/** The id of the JSON-RPC request in a POST body; the SDK serialises it last. */
function requestIdOf(body: unknown): number | null {
  if (typeof body !== 'string' || !body.includes('"method"')) return null;
  const id = /"id":(\d+)\}$/.exec(body)?.[1];
  return id === undefined ? null : Number(id);
}

const EDGE_CHARS = 512;

/**
 * Follows the events of a stream: the bytes of the one that is open, its beginning and end, and whether any had an
 * id, which makes the stream resumable.
 */
class EventMeter {
  openBytes = 0;
  resumable = false;
  head = '';
  tail = '\n';

  /** Returns where the first event boundary in the chunk ends, or -1. */
  take(chunk: Uint8Array): number {
    const carried = this.tail.slice(-4);
    const text = carried + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    if (/\nid:/.test(text)) this.resumable = true;
    const boundaries = [...text.matchAll(/\n\r?\n/g)];
    const last = boundaries.at(-1);
    const rest = last ? text.slice(last.index + last[0].length) : text.slice(carried.length);
    if (last) {
      this.head = '';
      this.openBytes = 0;
    }
    if (this.head.length < EDGE_CHARS) this.head += rest.slice(0, EDGE_CHARS);
    this.openBytes += rest.length;
    this.tail = (this.tail + text.slice(carried.length)).slice(-EDGE_CHARS);
    const first = boundaries[0];
    return first ? Math.max(0, first.index + first[0].length - carried.length) : -1;
  }
}

function errorEvent(id: number, message: string, mark: string): Uint8Array {
  const code = mark === CUT_MARK ? ErrorCode.ConnectionClosed : ErrorCode.InternalError;
  const data = JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, data: mark } });
  // The empty line first ends an event that was cut in its middle.
  return new TextEncoder().encode(`\n\nevent: message\ndata: ${data}\n\n`);
}

/** The id in the JSON-RPC message of an event of which only both ends are known. */
function idOfEvent(head: string, tail: string): number | null {
  const json = head.slice(head.indexOf('{'));
  return findMessageId({ head: json, tail: tail.trimEnd() });
}

/**
 * Passes an event stream on, within bounds. An event beyond `maxBytes` is dropped while it arrives and an error answer
 * takes its place. When the stream ends without being resumable, an error answer for its request is appended: the SDK
 * itself would leave the call waiting for its timeout. A call that was answered already ignores it.
 */
function guardEventStream(
  body: ReadableStream<Uint8Array>,
  requestId: number | null,
  maxBytes: number,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const meter = new EventMeter();
  let skippedHead: string | null = null;

  function finish(controller: ReadableStreamDefaultController<Uint8Array>, error?: unknown): void {
    if (requestId !== null && !meter.resumable) {
      controller.enqueue(
        errorEvent(requestId, 'the connection was lost before the answer was complete', CUT_MARK),
      );
      controller.close();
    } else if (error === undefined) controller.close();
    else controller.error(error);
  }

  /** The chunk as it may be passed on, or null while an oversized event goes by. */
  function pass(chunk: Uint8Array): Uint8Array | null {
    const tailBefore = meter.tail;
    const boundary = meter.take(chunk);
    if (skippedHead !== null) {
      if (boundary === -1) return null;
      const upTo = tailBefore + Buffer.from(chunk.subarray(0, boundary)).toString('latin1');
      const id = idOfEvent(skippedHead, upTo.slice(-EDGE_CHARS)) ?? requestId;
      skippedHead = null;
      const rest = chunk.subarray(boundary);
      if (id === null) return rest;
      return Buffer.concat([
        errorEvent(id, new ResponseTooLargeError(maxBytes).message, TOO_LARGE_MARK),
        rest,
      ]);
    }
    if (meter.openBytes <= maxBytes) return chunk;
    skippedHead = meter.head;
    return null;
  }

  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return finish(controller);
          const chunk = pass(value);
          if (chunk !== null && chunk.byteLength > 0) return controller.enqueue(chunk);
        }
      } catch (error) {
        finish(controller, error);
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
export function createGuardedFetch(maxBytes: number, send: FetchLike = fetch): FetchLike {
  return async (url, init) => {
    const response = await send(url, init);
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
