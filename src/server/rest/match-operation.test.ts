import { expect, test } from 'vitest';
import { defineOperation } from './define-operation.ts';
import { createMatcher } from './match-operation.ts';

const operation = (method: 'get' | 'post', path: string) =>
  defineOperation({
    method,
    path,
    summary: path,
    tag: 'test',
    access: 'viewer',
    responses: {},
    handle: async () => ({ status: 200, body: {} }),
  });

const match = createMatcher([
  operation('get', '/sessions/{id}'),
  operation('get', '/sessions/active'),
  operation('post', '/sessions/{id}/cancel'),
]);
const pathOf = (method: string, path: string) => {
  const found = match(method, path);
  return found.kind === 'operation' ? [found.operation.path, found.params] : found;
};

test('a literal wins over a parameter, whatever the order', () => {
  expect(pathOf('GET', '/sessions/active')).toEqual(['/sessions/active', {}]);
  expect(pathOf('GET', '/sessions/a%20b')).toEqual(['/sessions/{id}', { id: 'a b' }]);
});

test('HEAD is GET, another method names the known ones', () => {
  expect(pathOf('HEAD', '/sessions/1')).toEqual(['/sessions/{id}', { id: '1' }]);
  expect(pathOf('PUT', '/sessions/1')).toEqual({ kind: 'wrong_method', allow: ['GET', 'HEAD'] });
  expect(pathOf('GET', '/sessions/1/cancel')).toEqual({ kind: 'wrong_method', allow: ['POST'] });
});

test('nothing else matches', () => {
  for (const path of ['', '/', '/sessions', '/sessions/1/2', '/sessions/%E0%A4%A']) {
    expect(match('GET', path), path).toEqual({ kind: 'unknown' });
  }
});

test('two operations of one address are a defect', () => {
  expect(() => createMatcher([operation('get', '/a/{x}'), operation('get', '/a/{y}')])).toThrow(
    'two operations',
  );
});
