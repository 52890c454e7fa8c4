import { describe, expect, test } from 'vitest';
import { parseSkill } from './parse-skill.ts';

const parse = (source: string) => parseSkill(source, 'skills/dns/SKILL.md');

test('a head with name and description, then the text', () => {
  expect(
    parse(
      '---\nname: dns\ndescription: >-\n  Names that do not\n  resolve.\nlicense: MIT\n---\n\n# DNS\n\nLook.\n',
    ),
  ).toEqual({
    name: 'dns',
    description: 'Names that do not resolve.',
    text: '# DNS\n\nLook.',
    file: 'skills/dns/SKILL.md',
  });
});

test('written on Windows', () => {
  expect(parse('\ufeff---\r\nname: dns\r\ndescription: d\r\n---\r\ntext\r\n')).toMatchObject({
    name: 'dns',
    text: 'text',
  });
});

test('a rule in the text does not end it', () => {
  expect(parse('---\nname: a\ndescription: d\n---\none\n\n---\n\ntwo')).toMatchObject({
    text: 'one\n\n---\n\ntwo',
  });
});

describe('what is wrong is named', () => {
  test.each([
    ['no head', 'text', { line: 1, found: 'no head' }],
    ['an open head', '---\nname: a\n', { found: 'no head' }],
    ['no name', '---\ndescription: d\n---\nx', { path: 'name', found: 'nothing' }],
    [
      'a name with spaces',
      '---\nname: my skill\ndescription: d\n---\nx',
      { line: 2, path: 'name', found: '"my skill"' },
    ],
    ['no description', '---\nname: a\n---\nx', { path: 'description', found: 'nothing' }],
    ['an empty description', '---\nname: a\ndescription: ""\n---\nx', { line: 3, path: 'description' }],
    [
      'a long description',
      `---\nname: a\ndescription: ${'d'.repeat(2_000)}\n---\nx`,
      { found: '2000 characters' },
    ],
    ['no text', '---\nname: a\ndescription: d\n---\n  \n', { found: 'no text' }],
    ['a list', '---\n- a\n---\nx', { found: 'no fields' }],
    ['broken YAML', '---\nname: [a\n---\nx', { line: 2, expected: 'valid YAML in the head' }],
    [
      'a field twice',
      '---\nname: a\ndescription: d\nname: b\n---\nx',
      { line: 4, found: 'Map keys must be unique' },
    ],
  ])('%s', (_name, source, problem) => {
    expect(parse(source)).toEqual([expect.objectContaining(problem)]);
  });
});
