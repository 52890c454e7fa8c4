import { expect, test } from 'vitest';
import { createOutput } from './output.ts';

const HOSTILE = '\u001b[2J\u001b]0;title\u0007 a\rb \u009b31m \u202egpj\u200b\nsecond line\tend';

function print(json: boolean): string {
  let out = '';
  const output = createOutput({ json, write: (text) => (out += text) });
  output.line(HOSTILE);
  output.result({ title: HOSTILE }, [HOSTILE]);
  return out;
}

test('a terminal shows foreign text and obeys nothing in it', () => {
  const out = print(false);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(out).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202e]/);
  expect(out).toContain('␛[2J␛]0;title␇ a␍b [U+009B]31m [U+202E]gpj[U+200B]\nsecond line\tend\n');
});

test('as JSON it is the same value, written harmlessly', () => {
  const out = print(true);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/);
  expect(JSON.parse(out)).toEqual({ title: HOSTILE });
});
