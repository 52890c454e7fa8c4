import type { IncomingMessage } from 'node:http';
import { newId } from '#src/server/ids.ts';
import { REQUEST_ID_MAX_LENGTH } from './tunables.ts';

const PLAIN = /^[A-Za-z0-9._:/+=-]+$/;

/** The caller's `X-Request-Id` when it is short and plain (it goes into logs and answers), else a new one. */
export function requestIdOf(req: IncomingMessage): string {
  const given = req.headers['x-request-id'];
  const usable = typeof given === 'string' && given.length <= REQUEST_ID_MAX_LENGTH && PLAIN.test(given);
  return usable ? given : newId();
}
