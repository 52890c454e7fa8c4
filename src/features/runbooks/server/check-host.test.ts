import { expect, test } from 'vitest';
import { findHostProblem } from './check-host.ts';

const allowed = ['github.com', 'Docs.Example.com', '127.0.0.1', '::1', 'box:8080'];

test.each([
  'https://github.com/acme/ops/blob/main/a.md',
  'http://github.com:8080/a.md',
  'https://GITHUB.com./a.md',
  'https://docs.example.com/a.md',
  'http://127.0.0.1:4000/a.md',
  'http://[::1]:4000/a.md',
  'http://box:8080/a.md',
])('%s may be fetched', (address) => expect(findHostProblem(address, allowed)).toBeNull());

test.each([
  [
    'https://evil.example/a.md',
    /evil\.example, which runbooks\.allowedDomains does not name \(allowed: github/,
  ],
  ['https://github.com.evil.example/a.md', /evil/],
  ['https://notgithub.com/a.md', /notgithub/],
  ['https://gist.github.com/a.md', /gist\.github\.com/],
  ['https://github.com@evil.example/a.md', /name or password/],
  ['https://user:pw@github.com/a.md', /name or password/],
  ['http://169.254.169.254/latest/meta-data', /169\.254/],
  ['http://2130706433/a.md', null],
  ['http://box:9090/a.md', /box/],
  ['file:///etc/passwd', /file:/],
  ['nonsense', /not an address/],
])('%s is refused', (address, problem) => {
  // 2130706433 is how a number writes 127.0.0.1, which is allowed here: the parser has made it plain.
  if (problem === null) expect(findHostProblem(address, allowed)).toBeNull();
  else expect(findHostProblem(address, allowed)).toMatch(problem);
});

test('a host outside of ASCII is the same in both ways of writing it, and its look-alike is not', () => {
  const names = ['bücher.example'];
  expect(findHostProblem('https://bücher.example/a.md', names)).toBeNull();
  expect(findHostProblem('https://xn--bcher-kva.example/a.md', names)).toBeNull();
  expect(findHostProblem('https://bücher.example/a.md', ['xn--bcher-kva.example'])).toBeNull();
  // Cyrillic.
  expect(findHostProblem('https://githuб.com/a.md', ['github.com'])).toMatch(/xn--/);
});

test("a port that is the scheme's own counts as that port, and as no other", () => {
  expect(findHostProblem('https://github.com/a.md', ['github.com:443'])).toBeNull();
  expect(findHostProblem('https://github.com:443/a.md', ['github.com:443'])).toBeNull();
  expect(findHostProblem('https://github.com:8443/a.md', ['github.com:443'])).toMatch(/github/);
  expect(findHostProblem('http://github.com/a.md', ['github.com:443'])).toMatch(/github/);
  expect(findHostProblem('http://[::1]:8080/a.md', ['[::1]:8080'])).toBeNull();
  expect(findHostProblem('http://[::1]:8081/a.md', ['[::1]:8080'])).toMatch(/::1/);
});

test('an empty list allows nothing', () => {
  expect(findHostProblem('https://github.com/a.md', [])).toMatch(/allowed: none/);
});
