import { expect, test } from 'vitest';
import { parseAlertData, parseLabels } from './parse-alert-data.ts';

test('text is sent as it is', () => {
  expect(parseAlertData('disk full\n', 'text')).toEqual({ ok: true, data: 'disk full\n' });
});

test('JSON and YAML become objects and lists', () => {
  expect(parseAlertData('{"a": 1}', 'json')).toEqual({ ok: true, data: { a: 1 } });
  expect(parseAlertData('a: 1\nb: [x]', 'yaml')).toEqual({ ok: true, data: { a: 1, b: ['x'] } });
  expect(parseAlertData('- 1', 'yaml')).toEqual({ ok: true, data: [1] });
});

test('errors say where', () => {
  expect(parseAlertData('{"a": }', 'json')).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^Not valid JSON/),
  });
  expect(parseAlertData('a: 1\nb: [', 'yaml')).toMatchObject({
    ok: false,
    message: expect.stringMatching(/line 2/),
  });
  expect(parseAlertData('7', 'json')).toMatchObject({
    ok: false,
    message: expect.stringMatching(/single value/),
  });
  expect(parseAlertData('  ', 'text')).toMatchObject({ ok: false });
});

test('labels are one a line', () => {
  expect(parseLabels('namespace=shop\n\n pod : checkout-1 \nurl=http://x:1/a=b')).toEqual({
    ok: true,
    labels: { namespace: 'shop', pod: 'checkout-1', url: 'http://x:1/a=b' },
  });
  expect(parseLabels('namespace=shop\noops')).toEqual({
    ok: false,
    message: 'Line 2 is not of the form key=value.',
  });
  expect(parseLabels('')).toEqual({ ok: true, labels: {} });
});
