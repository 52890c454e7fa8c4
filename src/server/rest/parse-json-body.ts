import { storableJson } from '#src/lib/storable-text.ts';
import { AppError } from '../errors.ts';
import { JSON_MAX_DEPTH } from './tunables.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENERS = new Set([0x5b, 0x7b]);
const CLOSERS = new Set([0x5d, 0x7d]);
/** Escapes of what PostgreSQL cannot store: NUL and lone surrogates (also of paired ones, which survive the repair). */
const UNSTORABLE_ESCAPE = /\\u(?:0000|d[89a-f])/i;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses the bytes of a JSON body. Throws `AppError('bad_request')` with a message for the sender when they are not
 * UTF-8, not JSON or nested deeper than `JSON_MAX_DEPTH`. NUL and half surrogate pairs, which PostgreSQL refuses, are repaired.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) throw new AppError('bad_request', 'The body is empty; JSON was expected.');
  let text: string;
  try {
    text = strictUtf8.decode(bytes);
  } catch (cause) {
    throw new AppError('bad_request', 'The body is not valid UTF-8.', { cause });
  }
  if (jsonDepth(bytes) > JSON_MAX_DEPTH) {
    throw new AppError('bad_request', `The body is nested deeper than ${JSON_MAX_DEPTH} levels.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const detail = cause instanceof Error ? positionOf(cause.message) : '';
    throw new AppError('bad_request', `The body is not valid JSON${detail}.`, { cause });
  }
  return UNSTORABLE_ESCAPE.test(text) ? storableJson(value) : value;
}

/** Only the position: V8's message also quotes the body, which may hold secrets. */
function positionOf(message: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  return position === undefined ? '' : ` (at position ${position})`;
}

/** Deepest nesting of arrays and objects, without recursion and without parsing. */
export function jsonDepth(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (OPENERS.has(byte)) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (CLOSERS.has(byte)) depth -= 1;
  }
  return deepest;
}
