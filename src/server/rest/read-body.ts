import type { IncomingMessage } from 'node:http';
import { AppError } from '../errors.ts';
import { BODY_MAX_BYTES, BODY_TIMEOUT_MS } from './tunables.ts';

export const tooLarge = (maxBytes: number) =>
  new AppError('payload_too_large', `The body is larger than ${Math.floor(maxBytes / 1024)} KiB.`);

/** Whether the announced length alone is reason to refuse. A chunked body announces none. */
export function announcesTooMuch(req: IncomingMessage, maxBytes = BODY_MAX_BYTES): boolean {
  const announced = Number(req.headers['content-length'] ?? 0);
  return Number.isFinite(announced) && announced > maxBytes;
}

/**
 * Reads a request's body into memory, at most `maxBytes`, counting what arrives and not what was announced. Stops
 * reading at the first byte too many with `payload_too_large`; the caller still owns the connection (see `drainBody`).
 */
export function readBody(req: IncomingMessage, maxBytes = BODY_MAX_BYTES): Promise<Buffer> {
  if (announcesTooMuch(req, maxBytes)) return Promise.reject(tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(
      () => finish(new AppError('bad_request', 'The body did not arrive in time.')),
      BODY_TIMEOUT_MS,
    );
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) finish(tooLarge(maxBytes));
      else chunks.push(chunk);
    };
    const onEnd = () => finish();
    const onAbort = () => finish(new AppError('bad_request', 'The request was cut off.'));
    function finish(error?: AppError): void {
      clearTimeout(timer);
      req.off('data', onData).off('end', onEnd).off('error', onAbort).off('close', onAbort);
      if (error) {
        req.pause();
        reject(error);
      } else resolve(Buffer.concat(chunks, size));
    }
    req.on('data', onData).on('end', onEnd).on('error', onAbort).on('close', onAbort);
  });
}
