import { describe, expect, it } from 'vitest';
import { BoundedLineReader, findMessageId } from './read-bounded-lines.ts';

function readInChunks(text: string, chunkBytes: number, maxLineBytes: number) {
  const reader = new BoundedLineReader(maxLineBytes);
  const bytes = Buffer.from(text);
  const lines = [];
  for (let at = 0; at < bytes.length; at += chunkBytes)
    lines.push(...reader.push(bytes.subarray(at, at + chunkBytes)));
  return lines;
}

describe('BoundedLineReader', () => {
  it.each([1, 2, 3, 7, 1_000])('gives the same lines in chunks of %i bytes', (chunkBytes) => {
    const lines = readInChunks('eins\r\nzwölf €\n\nopen', chunkBytes, 100);
    expect(lines).toEqual([
      { kind: 'line', text: 'eins' },
      { kind: 'line', text: 'zwölf €' },
      { kind: 'line', text: '' },
    ]);
  });

  it.each([1, 64, 5_000])(
    'drops a line that is too long and goes on after it (chunks of %i)',
    (chunkBytes) => {
      const long = `{"result":"${'x'.repeat(3_000)}","jsonrpc":"2.0","id":17}`;
      const [dropped, next] = readInChunks(`${long}\nnext\n`, chunkBytes, 1_000);
      expect(dropped?.kind).toBe('too_long');
      expect(dropped?.kind === 'too_long' && findMessageId(dropped)).toBe(17);
      expect(next).toEqual({ kind: 'line', text: 'next' });
    },
  );
});

describe('findMessageId', () => {
  it.each([
    ['{"jsonrpc":"2.0","id":3,"result":{"id":9', '"id":8}]}}', 3],
    ['{"id": 4, "jsonrpc":"2.0","result":{', '}}', 4],
    ['{"result":{"content":[{"id":1', '"}]},"jsonrpc":"2.0","id":5}', 5],
    ['{"result":{"content":[', '"}]}}', null],
    ['{"method":"log","params":{', '"id":"x"}', null],
  ])('%s … %s → %s', (head, tail, id) => {
    expect(findMessageId({ head, tail })).toBe(id);
  });
});
