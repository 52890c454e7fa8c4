import { expect, test } from 'vitest';
import { isCrossSite } from './check-origin.ts';

const PUBLIC = 'https://tars.example';

test.each([
  ['GET', { 'sec-fetch-site': 'cross-site' }, false],
  ['POST', {}, false],
  ['POST', { 'sec-fetch-site': 'same-origin' }, false],
  ['POST', { 'sec-fetch-site': 'none' }, false],
  ['POST', { 'sec-fetch-site': 'same-site' }, true],
  ['POST', { origin: PUBLIC }, false],
  // Reached under another name than the public one: the page came from where the request goes.
  ['POST', { origin: 'http://localhost:3000', host: 'localhost:3000' }, false],
  ['POST', { origin: 'http://localhost:4000', host: 'localhost:3000' }, true],
  ['POST', { origin: 'https://tars.example.evil', host: 'tars.example' }, true],
  ['POST', { origin: 'null', host: 'tars.example' }, true],
  ['POST', { origin: PUBLIC, 'sec-fetch-site': 'cross-site' }, true],
] as const)('%s %j: %s', (method, headers, cross) => {
  expect(isCrossSite(method, headers, PUBLIC)).toBe(cross);
});
