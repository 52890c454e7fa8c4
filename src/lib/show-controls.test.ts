import { expect, test } from 'vitest';
import { showControls } from './show-controls.ts';

test.each([
  ['terminal escapes', '\u001b[31mred\u001b[0m \u009b2J\u0007\b', '␛[31mred␛[0m [U+009B]2J␇␈'],
  ['a return that overwrites the line', 'all well\rdeleted', 'all well␍deleted'],
  [
    'direction overrides',
    'user\u202egpj.exe\u202c \u2066x\u2069',
    'user[U+202E]gpj.exe[U+202C] [U+2066]x[U+2069]',
  ],
  ['zero-width characters', 'pass\u200bword\ufeff\u2060', 'pass[U+200B]word[U+FEFF][U+2060]'],
  ['text of tag characters', 'hi\u{e0041}\u{e007f}', 'hi[U+E0041][U+E007F]'],
  ['text of variation selectors', '😀\ufe0f\u{e0141}\ufe01 a\ufe0f', '😀\ufe0f[U+E0141][U+FE01] a[U+FE0F]'],
  ['a joiner between Latin letters', 'ad\u200dmin', 'ad[U+200D]min'],
])('%s are shown', (_name, hidden, shown) => {
  expect(showControls(hidden)).toBe(shown);
  expect(showControls(shown)).toBe(shown);
});

test('what people write in any script stays as it is', () => {
  const text = 'line one\r\n\tline two: می‌خواهم 👩‍💻 한국어 עברית é ❤️ 1️⃣ #️⃣ 葛󠄀';
  expect(showControls(text)).toBe(text);
});
