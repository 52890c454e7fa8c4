import { expect, test } from 'vitest';
import { readNativeTools } from './read-native-tools.ts';

test('only what was chosen goes with the alert', () => {
  expect(readNativeTools({ webSearch: '', urlContext: '', codeExecution: '' })).toBeNull();
  expect(readNativeTools({ webSearch: 'on', urlContext: '', codeExecution: 'off' })).toEqual({
    webSearch: true,
    codeExecution: false,
  });
});
