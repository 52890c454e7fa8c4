import { describe, expect, test } from 'vitest';
import type { Skill } from '#src/server/config/index.ts';
import { plannedCallOf } from '#test/planned-call.ts';
import { callBuiltInTool } from './built-in-tools.ts';
import { composeSkills, noteSkills } from './compose-skills.ts';
import { createSkillTools } from './load-skill-tool.ts';
import { selectSkills } from './select-skills.ts';

const skill = (name: string, text = `Text of ${name}.`): Skill => ({
  name,
  description: `When ${name}\nis in doubt.`,
  text,
  file: `skills/${name}/SKILL.md`,
});
const library = Object.fromEntries(['dns', 'storage', 'oncall'].map((name) => [name, skill(name)]));
const mask = { text: (text: string) => text.replaceAll('hunter2', '[MASKED]') };
const select = (skills: string[] | null, requiredSkills: string[] = [], from = library) =>
  selectSkills(from, { skills, requiredSkills });
const names = (skills: readonly Skill[]) => skills.map(({ name }) => name);

describe('the choice', () => {
  test('everything is on offer but what is required, unless some are named', () => {
    expect(names(select(null, ['oncall']).offered)).toEqual(['dns', 'storage']);
    expect(names(select(null, ['oncall']).required)).toEqual(['oncall']);
    expect(names(select(['dns', 'gone']).offered)).toEqual(['dns']);
    expect(select([])).toEqual({ required: [], offered: [], missing: [] });
  });

  test('a required one that is gone is known as missing, also by a name of every object', () => {
    expect(select([], ['gone', 'constructor']).missing).toEqual(['gone', 'constructor']);
    expect(noteSkills(select([], ['gone']), mask)[0]).toMatchObject({
      type: 'error',
      content: expect.stringContaining('"gone" is not configured any more'),
    });
  });
});

describe('the prompt', () => {
  const compose = (selected = select(null, ['oncall']), contextChars = 100_000) =>
    composeSkills(selected, { mask, contextChars });

  test('has required skills whole, then one line for each on offer', () => {
    const [required, catalog] = compose();
    expect(required).toBe('## Skill "oncall"\nText of oncall.');
    expect(catalog).toContain('tars__load_skill');
    expect(catalog).toContain('\n- dns: When dns is in doubt.\n- storage: When storage is in doubt.');
    expect(compose(select([]))).toEqual([]);
  });

  test('is masked and bounded', () => {
    const secret = { oncall: skill('oncall', `hunter2 ${'x'.repeat(50_000)}`) };
    const [tier] = compose(select([], ['oncall'], secret), 50_000);
    expect(tier).toContain('[MASKED]');
    expect(tier?.length).toBeLessThan(11_000);
    const many = Object.fromEntries(
      Array.from({ length: 900 }, (_, n) => [`skill-${n}`, skill(`skill-${n}`)]),
    );
    const [catalog] = compose(select(null, [], many));
    expect(catalog).toMatch(/\(\d+ more do not fit here: .*skill-899/);
  });
});

describe('loading', () => {
  const load = (wanted: unknown, selected = select(['dns', 'storage'], ['oncall'])) =>
    callBuiltInTool(
      createSkillTools(selected, mask),
      'load_skill',
      { names: wanted },
      {
        budgetTokens: 1_000,
        signal: new AbortController().signal,
        call: plannedCallOf(),
      },
    );

  test('gives the texts, and an entry in the timeline for each', async () => {
    const answer = await load(['dns', 'storage', 'dns']);
    expect(answer).toMatchObject({ ok: true });
    expect(answer.text).toContain('# Skill "dns"\n\nText of dns.');
    expect(answer.text).toContain('Text of storage.');
    expect(answer.notes?.map(({ type, data }) => [type, data?.skill])).toEqual([
      ['skill_loaded', 'dns'],
      ['skill_loaded', 'storage'],
    ]);
  });

  test('says what is unknown, and fails when everything is', async () => {
    const partial = await load(['dns', 'nonsense']);
    expect(partial.ok).toBe(true);
    expect(partial.text).toContain('Unknown: nonsense. On offer: dns, storage.');
    const none = await load(['nonsense']);
    expect(none).toMatchObject({ ok: false, notes: [] });
    expect(none.text).toContain('On offer: dns, storage.');
  });

  test('a required one is in the prompt already', async () => {
    expect(await load(['oncall'])).toMatchObject({ ok: true, text: 'In your instructions already: oncall.' });
  });

  test.each([[undefined], [[]], ['dns'], [Array.from({ length: 11 }, () => 'dns')]])(
    'arguments %j are answered with what would be right',
    async (wanted) => {
      expect(await load(wanted)).toMatchObject({ ok: false, text: expect.stringContaining('names') });
    },
  );

  test('there is no tool without anything to load', () => {
    expect(createSkillTools(select([], ['oncall']), mask)).toEqual([]);
  });
});
