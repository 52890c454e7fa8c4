import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { SseError } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  ConnectError,
  CUT_MARK,
  classifyError,
  mayRetry,
  ResponseTooLargeError,
  TOO_LARGE_MARK,
} from './classify-error.ts';

function fetchFailed(code: string): TypeError {
  const cause = Object.assign(new Error(`connect ${code} 127.0.0.1:9`), { code });
  return new TypeError('fetch failed', { cause });
}

function happyEyeballs(code: string): TypeError {
  const part = Object.assign(new Error(`connect ${code} ::1:9`), { code });
  return new TypeError('fetch failed', { cause: new AggregateError([part]) });
}

describe('classifyError', () => {
  const zodError = z.string().safeParse(1).error;

  it.each([
    ['refused', fetchFailed('ECONNREFUSED'), 'connection', 'no'],
    ['refused on every address', happyEyeballs('ECONNREFUSED'), 'connection', 'no'],
    ['unknown host', fetchFailed('ENOTFOUND'), 'connection', 'no'],
    ['reset', fetchFailed('ECONNRESET'), 'connection', 'unknown'],
    ['other side closed', fetchFailed('UND_ERR_SOCKET'), 'connection', 'unknown'],
    ['never connected', new Error('Not connected'), 'connection', 'no'],
    ['closed while waiting', new McpError(-32000, 'Connection closed'), 'connection', 'unknown'],
    ['stream cut', new McpError(-32000, 'cut', CUT_MARK), 'connection', 'unknown'],
    ['502', new StreamableHTTPError(502, 'bad gateway'), 'connection', 'unknown'],
    ['401', new StreamableHTTPError(401, 'who are you'), 'auth', 'no'],
    ['403 over SSE', new Error('Error POSTing to endpoint (HTTP 403): no'), 'auth', 'no'],
    [
      '401 opening SSE',
      new SseError(401, 'no', Object.assign(new Event('error'), { code: 401, message: 'no' })),
      'auth',
      'no',
    ],
    ['unauthorized', new UnauthorizedError('no'), 'auth', 'no'],
    ['413', new StreamableHTTPError(413, 'too big'), 'protocol', 'unknown'],
    ['SDK timeout', new McpError(-32001, 'Request timed out'), 'timeout', 'unknown'],
    ['unknown method', new McpError(-32601, 'Method not found'), 'protocol', 'unknown'],
    ['invalid arguments', new McpError(-32602, 'missing name'), 'tool', 'unknown'],
    ['internal error', new McpError(-32603, 'boom'), 'tool', 'unknown'],
    ['own code of a server', new McpError(4711, 'quota'), 'tool', 'unknown'],
    ['too large over a stream', new McpError(-32603, 'large', TOO_LARGE_MARK), 'too_large', 'unknown'],
    ['too large as JSON', new ResponseTooLargeError(32 * 1024 * 1024), 'too_large', 'unknown'],
    ['wrong shape', zodError, 'protocol', 'unknown'],
    ['no JSON', new SyntaxError('Unexpected token <'), 'protocol', 'unknown'],
    ['connect timeout', new ConnectError('no answer within 30 s', 'timeout'), 'timeout', 'no'],
    ['not an error', 'a string', 'protocol', 'unknown'],
  ])('%s', (_name, error, kind, reached) => {
    expect(classifyError(error)).toMatchObject({ kind, reached, sessionExpired: false });
  });

  it.each([
    [404, 'Session not found', true],
    [404, 'nothing here', true],
    [400, 'Bad Request: No valid session ID provided', true],
    [400, 'Server not initialized', true],
    [400, 'bad arguments', false],
    [410, 'gone', false],
  ])('HTTP %i "%s" in a session: expired is %s', (status, text, sessionExpired) => {
    const error = new StreamableHTTPError(status, text);
    expect(classifyError(error, { hasSession: true })).toMatchObject({
      sessionExpired,
      kind: sessionExpired ? 'connection' : 'protocol',
      reached: sessionExpired ? 'no' : 'unknown',
    });
    expect(classifyError(error, { hasSession: false }).sessionExpired).toBe(false);
  });

  it('lets the knowledge of the caller win over the shape of the error', () => {
    const error = new McpError(-32001, 'AbortError');
    expect(classifyError(error, { aborted: true, timedOut: true }).kind).toBe('cancelled');
    expect(classifyError(error, { timedOut: true }).kind).toBe('timeout');
  });

  it('says what was behind "fetch failed"', () => {
    expect(classifyError(fetchFailed('ECONNREFUSED')).message).toBe(
      'fetch failed (connect ECONNREFUSED 127.0.0.1:9)',
    );
  });
});

describe('mayRetry', () => {
  const of = (kind: 'connection' | 'timeout' | 'tool' | 'auth', reached: 'no' | 'unknown') => ({
    kind,
    reached,
    sessionExpired: false,
    message: '',
  });

  it.each([
    ['a lost connection', of('connection', 'unknown'), true, true],
    ['a lost connection', of('connection', 'unknown'), false, false],
    ['a connection never made', of('connection', 'no'), false, true],
    ['a timeout', of('timeout', 'unknown'), true, false],
    ['a tool error', of('tool', 'unknown'), true, false],
    ['refused credentials', of('auth', 'no'), true, false],
  ])('after %s (%o) of a tool that is read-only: %s → %s', (_name, failure, readOnly, expected) => {
    expect(mayRetry(failure, { readOnly })).toBe(expected);
  });
});
