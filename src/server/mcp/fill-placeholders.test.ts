import { expect, test } from 'vitest';
import { fillPlaceholders } from './fill-placeholders.ts';

const owner = { executionId: 'e1', sessionId: 's1' };

test('names the execution and the session in headers, addresses and the environment', () => {
  expect(
    fillPlaceholders(
      {
        type: 'http',
        url: 'https://box.example/mcp?run={{executionId}}',
        headers: { 'X-Run': '{{executionId}}', 'X-Session': '{{sessionId}}/{{sessionId}}' },
        cleanupUrl: 'https://box.example/runs/{{executionId}}',
      },
      owner,
    ),
  ).toEqual({
    type: 'http',
    url: 'https://box.example/mcp?run=e1',
    headers: { 'X-Run': 'e1', 'X-Session': 's1/s1' },
    cleanupUrl: 'https://box.example/runs/e1',
  });
  expect(
    fillPlaceholders(
      { type: 'stdio', command: 'box', args: ['--run={{executionId}}'], env: { RUN: '{{sessionId}}' } },
      owner,
    ),
  ).toMatchObject({ args: ['--run=e1'], env: { RUN: 's1' } });
});

test('without a session the execution stands for it', () => {
  const filled = fillPlaceholders(
    { type: 'sse', url: 'https://box.example/sse', headers: { a: '{{sessionId}}' } },
    { executionId: 'e1' },
  );
  expect(filled).toMatchObject({ headers: { a: 'e1' } });
});
