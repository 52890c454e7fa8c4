import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AppError, type ErrorCode, type FieldIssue, httpStatus } from '../errors.ts';
import { DRAIN_MAX_BYTES, DRAIN_MAX_MS } from './tunables.ts';

/** The body of every error of the public API. */
export type ErrorBody = {
  error: {
    code: ErrorCode | 'method_not_allowed';
    message: string;
    fields?: FieldIssue[];
    requestId: string;
  };
};

/** Answers once. JSON, unless `body` is a string or bytes and `headers` name a content type. */
export function sendReply(
  req: IncomingMessage,
  res: ServerResponse,
  reply: { status: number; body?: unknown; headers?: Record<string, string> },
): void {
  if (res.headersSent || res.destroyed) return;
  const isText = typeof reply.body === 'string' || reply.body instanceof Uint8Array;
  const raw = isText && reply.headers !== undefined && hasContentType(reply.headers);
  const bytes = encode(reply.body, raw);
  const headers: Record<string, string> = {
    ...(raw || bytes.length === 0 ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    'cache-control': 'no-store',
    ...reply.headers,
    'content-length': String(bytes.length),
  };
  if (
    req.complete ||
    (!req.headers['transfer-encoding'] && Number(req.headers['content-length'] ?? 0) === 0)
  ) {
    res.writeHead(reply.status, headers).end(req.method === 'HEAD' ? undefined : bytes);
    return;
  }
  // The client is still sending. It has the whole answer after this write; closing at once would reset the
  // connection under its feet before it reads that answer, so a bounded rest is read and thrown away first.
  res.writeHead(reply.status, { ...headers, connection: 'close' }).write(bytes);
  drainBody(req, () => res.end());
}

const hasContentType = (headers: Record<string, string>) =>
  Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');

function encode(body: unknown, raw: boolean): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (raw && typeof body === 'string') return Buffer.from(body);
  if (raw && body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return Buffer.from(JSON.stringify(body));
}

function drainBody(req: IncomingMessage, done: () => void): void {
  let left = DRAIN_MAX_BYTES;
  const timer = setTimeout(finish, DRAIN_MAX_MS);
  function onData(chunk: Buffer): void {
    left -= chunk.length;
    if (left < 0) finish();
  }
  function finish(): void {
    clearTimeout(timer);
    req.off('data', onData).off('end', finish).off('close', finish).off('error', finish);
    req.pause();
    done();
  }
  req.on('data', onData).on('end', finish).on('close', finish).on('error', finish);
  req.resume();
}

/** What an error looks like from outside. Text of a 5xx stays inside. */
export function describeError(
  error: AppError,
  requestId: string,
): { status: number; body: ErrorBody; headers: Record<string, string> } {
  const message = error.code === 'internal' ? 'Something went wrong on our side.' : error.message;
  const headers: Record<string, string> = {};
  if (error.retryAfterSeconds !== undefined)
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterSeconds)));
  if (error.code === 'unauthorized') headers['www-authenticate'] = 'Bearer realm="tars"';
  return {
    status: httpStatus[error.code],
    body: {
      error: { code: error.code, message, ...(error.fields ? { fields: error.fields } : {}), requestId },
    },
    headers,
  };
}
