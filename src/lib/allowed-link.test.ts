import { expect, test } from 'vitest';
import { isAllowedLink } from './allowed-link.ts';

const domains = ['github.com', '*.acme.example', 'Wiki.Example'];

test.each([
  [true, 'https://github.com/acme/ops'],
  [true, 'http://GITHUB.com:8080/x'],
  [true, 'https://a.b.acme.example/x'],
  [true, 'https://wiki.example/'],
  [false, 'https://acme.example/'],
  [false, 'https://evilacme.example/'],
  [false, 'https://github.com.evil.example/'],
  [false, 'https://github.com@evil.example/'],
  [false, 'https://user@github.com/'],
  [false, 'https://gist.github.com/'],
  [false, 'https://gіthub.com/'],
  [false, '//github.com/x'],
  [false, '/p/default'],
  [false, 'javascript:alert(1)//github.com'],
  [false, 'data:text/html,github.com'],
  [false, ''],
])('%s: %s', (allowed, href) => {
  expect(isAllowedLink(href, domains)).toBe(allowed);
});

test('without a list nothing may be followed', () => {
  expect(isAllowedLink('https://github.com/', [])).toBe(false);
});
