import { describe, expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { jsonDepth, parseJsonBody } from './parse-json-body.ts';
import { JSON_MAX_DEPTH } from './tunables.ts';

const parse = (text: string) => parseJsonBody(Buffer.from(text));

describe('parseJsonBody', () => {
  test('takes what is nested as deep as allowed, and no deeper', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(parse(nested(JSON_MAX_DEPTH))).toBeInstanceOf(Array);
    expect(() => parse(nested(JSON_MAX_DEPTH + 1))).toThrow(AppError);
  });

  test('repairs what PostgreSQL refuses, in values and keys, and leaves real pairs alone', () => {
    expect(parse('{"a\\u0000b": "x\\u0000y", "lone": "\\ud800", "pair": "\\ud83d\\ude00"}')).toEqual({
      ab: 'xy',
      lone: '\uFFFD',
      pair: '😀',
    });
  });

  test('an escaped backslash before u0000 is text, not NUL', () => {
    expect(parse('{"path": "C:\\\\u0000"}')).toEqual({ path: 'C:\\u0000' });
  });

  test('a byte order mark is not JSON trouble', () => {
    expect(parse('\uFEFF{"a": 1}')).toEqual({ a: 1 });
  });
});

describe('jsonDepth', () => {
  test.each([
    ['17', 0],
    ['{}', 1],
    ['{"a":[{}]}', 3],
    ['["[[[[", "\\"[[["]', 1],
    ['["\\\\", [1]]', 2],
  ])('%s', (text, depth) => expect(jsonDepth(Buffer.from(text))).toBe(depth));
});
