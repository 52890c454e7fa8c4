import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { MASKING_GROUP_NAMES, MASKING_PATTERN_NAMES } from '../masking/index.ts';
import { checkReferences } from './check-references.ts';
import { isDurationAt, listConfigKeys } from './describe-schema.ts';
import { configSchema } from './schema.ts';

const reference = await readFile(path.join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8');

test('the reference documents exactly the keys that the schema knows', () => {
  const [, tables = ''] = reference.split('## Every key');
  const documented = [...tables.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '').sort();
  expect(documented).toEqual(listConfigKeys());
});

test('what the reference calls a duration is one to whoever shows the configuration, and nothing else is', () => {
  const durations = [...reference.matchAll(/^\| `([^`]+)` \| duration/gm)].map((match) => match[1] ?? '');
  expect(durations).toContain('retention.usage');
  const pathOf = (key: string) => key.replaceAll('[]', '.0').split('.');
  expect(listConfigKeys().filter((key) => isDurationAt(pathOf(key)))).toEqual(durations.sort());
});

test('the reference names every masking group and pattern', () => {
  for (const name of [...MASKING_GROUP_NAMES, ...MASKING_PATTERN_NAMES])
    expect(reference).toContain(`\`${name}\``);
});

test('the example of the reference is valid', () => {
  const example: unknown = parse(/```yaml\n([\s\S]*?)```/.exec(reference)?.[1] ?? '');
  const config = configSchema.parse(example);
  const problems = checkReferences({
    ...config,
    agents: {
      kubernetes: { type: 'investigation', requiredSkills: [] },
      chat: { type: 'chat', requiredSkills: [] },
      synthesis: { type: 'synthesis', requiredSkills: [] },
      'executive-summary': { type: 'summary', requiredSkills: [] },
      judge: { type: 'scoring', requiredSkills: [] },
    },
  });
  expect(problems).toEqual([]);
});
