import { APICallError } from '@ai-sdk/provider';
import { describe, expect, it } from 'vitest';
import { classifyLlmError } from './classify-llm-error.ts';
import { LlmError } from './llm-error.ts';

const apiError = (
  statusCode: number,
  message: string,
  responseBody = '',
  headers: Record<string, string> = {},
) =>
  new APICallError({
    message,
    url: 'https://model.example',
    requestBodyValues: {},
    statusCode,
    responseBody,
    responseHeaders: headers,
  });
const classify = (error: unknown, hasOutput = false, secrets: string[] = []) =>
  classifyLlmError(error, { hasOutput, secrets, nowMs: 0 });

describe('classifyLlmError', () => {
  it.each([
    [401, 'no', 'credentials', false],
    [403, 'no', 'credentials', false],
    [402, 'pay', 'credentials', false],
    [404, 'no such model', 'invalid_request', false],
    [400, 'bad tool schema', 'invalid_request', false],
    [400, 'prompt is too long: 210000 tokens > 200000 maximum', 'context_overflow', false],
    [
      400,
      'The input token count (1200000) exceeds the maximum number of tokens allowed',
      'context_overflow',
      false,
    ],
    [400, 'API key not valid. Please pass a valid API key.', 'credentials', false],
    [400, 'Your credit balance is too low', 'credentials', false],
    [413, 'too large', 'context_overflow', false],
    [429, 'slow down', 'rate_limited', true],
    [429, 'You exceeded your current quota (insufficient_quota)', 'credentials', false],
    [500, 'boom', 'server_error', true],
    [502, 'bad gateway', 'server_error', true],
    [503, 'The model is overloaded', 'overloaded', true],
    [529, 'Overloaded', 'overloaded', true],
  ])('reads HTTP %i "%s" as %s', (status, message, code, retryable) => {
    expect(classify(apiError(status, message))).toMatchObject({ code, retryable, statusCode: status });
  });

  it('reads the pause from headers and from the body of a Google error', () => {
    expect(classify(apiError(429, 'x', '', { 'retry-after': '3' })).retryAfterMs).toBe(3_000);
    const body =
      '{"error":{"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.5s"}]}}';
    expect(classify(apiError(429, 'x', body)).retryAfterMs).toBe(34_500);
  });

  it('tells a connection that never worked from one that broke', () => {
    const error = new TypeError('fetch failed', {
      cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
    });
    expect(classify(error).code).toBe('network');
    expect(classify(error, true).code).toBe('cut_stream');
  });

  it('knows missing Google credentials', () => {
    const error = new Error(
      'Could not load the default credentials. Browse to https://cloud.google.com/docs',
    );
    expect(classify(error).code).toBe('credentials');
  });

  it('keeps its own errors', () => {
    const error = new LlmError('stalled', 'x');
    expect(classify(error)).toBe(error);
  });

  it.each([[undefined], [null], ['text'], [{ message: 'broken', type: 'overloaded_error' }], [42]])(
    'has a text for %o',
    (thrown) => {
      expect(classify(thrown).message).not.toBe('');
    },
  );

  it('removes keys, whether it knows them or only their shape, and cuts long pages', () => {
    const message =
      'Incorrect API key provided: sk-proj-abcdef0123456789, header Bearer abc.def.ghi12345, mine s3cr3t-value';
    const { safeMessage } = classify(apiError(401, message), false, ['s3cr3t-value']);
    expect(safeMessage).not.toMatch(/abcdef0123456789|abc\.def|s3cr3t-value/);
    expect(safeMessage).toContain('Incorrect API key provided');
    expect(classify(apiError(500, 'x'.repeat(10_000))).message.length).toBeLessThan(600);
  });
});
