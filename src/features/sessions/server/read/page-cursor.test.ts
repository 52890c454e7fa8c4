import { expect, test } from 'vitest';
import { AppError } from '#src/server/errors.ts';
import { decodeCursor, encodeCursor, seqCursorSchema } from './page-cursor.ts';

test('a cursor comes back as it was', () => {
  expect(decodeCursor(encodeCursor({ seq: 17 }), seqCursorSchema)).toEqual({ seq: 17 });
});

test.each([
  '',
  'x',
  '{}',
  encodeCursor({ seq: -1 }),
  encodeCursor({ seq: 1e12 }),
  encodeCursor('a'),
  '\0\0',
  '%%%',
])('a forged cursor (%j) is a bad request that names the field', (cursor) => {
  try {
    decodeCursor(cursor, seqCursorSchema);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'bad_request', fields: [{ path: 'cursor' }] });
  }
});
