import { describe, expect, it } from 'vitest';
import { parseToolArguments } from './parse-tool-arguments.ts';

describe('parseToolArguments', () => {
  it.each([
    ['a JSON object', '{"ns":"shop","n":2}', { ns: 'shop', n: 2 }, 'object'],
    ['nothing', '  ', {}, 'object'],
    ['a fenced JSON object', '```json\n{"ns":"shop"}\n```', { ns: 'shop' }, 'object'],
    ['a JSON object encoded twice', '"{\\"ns\\":\\"shop\\"}"', { ns: 'shop' }, 'object'],
    ['a JSON array', '["a","b"]', { input: ['a', 'b'] }, 'json'],
    ['a JSON number', '7', { input: 7 }, 'json'],
    ['null', 'null', {}, 'json'],
    ['a YAML mapping', 'ns: shop\nlabels:\n  app: web', { ns: 'shop', labels: { app: 'web' } }, 'yaml'],
    ['an object with single quotes', "{'ns': 'shop', 'all': true}", { ns: 'shop', all: true }, 'yaml'],
    ['an object with bare keys', '{ns: shop}', { ns: 'shop' }, 'yaml'],
    ['an object with a trailing comma', '{"ns": "shop",}', { ns: 'shop' }, 'yaml'],
    ['key=value on lines', 'ns=shop\ntail=50', { ns: 'shop', tail: 50 }, 'key_value'],
    ['key=value on one line', 'ns=shop, tail=50', { ns: 'shop', tail: 50 }, 'key_value'],
    ['quoted values', 'ns="shop"\nname=\'a b\'', { ns: 'shop', name: 'a b' }, 'key_value'],
    ['a JSON string', '"just words"', { input: 'just words' }, 'raw'],
    ['prose', 'list all the pods', { input: 'list all the pods' }, 'raw'],
  ])('reads %s', (_case, text, expected, form) => {
    expect(parseToolArguments(text)).toEqual({ arguments: expected, form });
  });

  it('does not run half of a truncated object', () => {
    const text = '{"namespace": "shop", "name": "che';
    expect(parseToolArguments(text)).toEqual({ arguments: { input: text }, form: 'raw' });
  });

  it('refuses keys that poison prototypes and YAML that expands by aliases', () => {
    expect(parseToolArguments('{"__proto__": {"admin": true}}').form).toBe('raw');
    expect(parseToolArguments('a: &x [1, 2]\nb: [*x, *x]').form).not.toBe('yaml');
  });
});
