import { expect, test } from 'vitest';
import { countLongLines } from './count-lines.ts';

test('a call that is read at a glance is not long', () => {
  expect(countLongLines({})).toBeNull();
  expect(countLongLines({ path: '/tmp/a', text: 'one\ntwo', replicas: 3, dry: undefined })).toBeNull();
});

test('many lines are long, in a text and in what is nested; so is a line without end', () => {
  expect(countLongLines({ name: 'a', manifest: Array(40).fill('key: value').join('\n') })).toBe(41);
  expect(countLongLines({ patch: { spec: Array(40).fill('x') } })).toBe(44);
  expect(countLongLines({ token: 'x'.repeat(5_000) })).toBe(1);
});
