import { expect, test } from 'vitest';
import { listNativeTools, resolveNativeTools } from './native-tools.ts';

test('each tool goes by the strongest level that says anything about it', () => {
  expect(
    resolveNativeTools([
      { webSearch: true, codeExecution: true },
      undefined,
      { codeExecution: false },
      null,
      {},
    ]),
  ).toEqual({ webSearch: true, urlContext: false, codeExecution: false });
  expect(resolveNativeTools([])).toEqual({ webSearch: false, urlContext: false, codeExecution: false });
});

test('lists are words', () => {
  expect(listNativeTools(['webSearch', 'urlContext', 'codeExecution'])).toBe(
    'web search, reading web pages, and code execution',
  );
});
