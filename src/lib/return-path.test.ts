import { expect, test } from 'vitest';
import { safeReturnPath, signInAddress } from './return-path.ts';

test('the path to come back to is kept', () => {
  expect(signInAddress('/p/shop/sessions?status=failed')).toBe(
    '/sign-in?to=%2Fp%2Fshop%2Fsessions%3Fstatus%3Dfailed',
  );
  expect(signInAddress('/')).toBe('/sign-in');
});

test.each([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/a\tb',
  'javascript:alert(1)',
  '',
  null,
])('%j is no place to return to', (to) => {
  expect(safeReturnPath(to)).toBe('/');
});

test('a path of ours is', () => {
  expect(safeReturnPath('/p/shop/sessions?q=a')).toBe('/p/shop/sessions?q=a');
});
