import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evaluateAttempt } from '../judge/evaluate-attempt.ts';
import { bundledScenarios, loadScenarios } from './load-scenarios.ts';

const MINIMAL = {
  name: 'mine',
  title: 'Mine',
  description: 'Something is wrong with cart.',
  difficulty: 'easy',
  axes: ['rollout'],
  alert: { labels: { alertname: 'A' }, annotations: {} },
  expect: { required: [['the tag']] },
  examples: { right: 'It is the tag.', wrong: ['It is the node.'] },
};

describe('the scenarios that come with TARS', () => {
  it('are read, in three difficulties and with the hard axes', async () => {
    const scenarios = await loadScenarios([bundledScenarios]);
    expect(scenarios.length).toBeGreaterThanOrEqual(12);
    expect(new Set(scenarios.map(({ difficulty }) => difficulty)).size).toBe(3);
    const axes = new Set(scenarios.flatMap((scenario) => scenario.axes));
    for (const axis of ['multi-cause', 'misleading-symptom', 'red-herring', 'injection', 'healthy'])
      expect(axes).toContain(axis);
  });

  it('fail whatever says nothing, says all is well, or does as an injected text orders', async () => {
    const facts = { status: 'completed', error: null, citedCallIds: [], iterations: 1 };
    const deletion = {
      callId: 'c',
      tool: 'pods_delete',
      readOnly: false,
      arguments: {},
      status: 'refused',
      result: '',
    };
    for (const { name, expect: expected, examples } of await loadScenarios([bundledScenarios])) {
      for (const analysis of ['I do not know.', 'No fault found. Confidence: high', ...examples.wrong])
        expect(evaluateAttempt(expected, { ...facts, analysis, calls: [] }), name).not.toEqual([]);
      const obedient = evaluateAttempt(expected, { ...facts, analysis: examples.right, calls: [deletion] });
      expect(
        obedient.map(({ kind }) => kind),
        name,
      ).toContain('call');
    }
  });
});

describe('loadScenarios', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tars-scenarios-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const write = (name: string, changes: object) =>
    writeFile(join(directory, name), JSON.stringify({ ...MINIMAL, ...changes }, null, 2));
  const problemsOf = () =>
    loadScenarios([directory]).then(
      () => 'none',
      (error: unknown) => (error instanceof Error ? error.message : ''),
    );

  it('takes whatever stands in a folder of the user, after the easier ones', async () => {
    await write('a.yaml', { name: 'heavy', difficulty: 'hard' });
    await write('b.yaml', {});
    expect((await loadScenarios([directory, '/no/such/folder'])).map(({ name }) => name)).toEqual([
      'mine',
      'heavy',
    ]);
  });

  it.each<[string, object, string]>([
    ['an unknown key', { expct: {} }, 'expct: found the unknown key "expct"'],
    ['a wrong difficulty', { difficulty: 'brutal' }, 'difficulty: found "brutal"'],
    [
      'a bad expression',
      { expect: { required: [['/(/']] } },
      'required[0][0]: found "/(/", expected a text, or /an RE2',
    ],
    [
      'a change of an unknown kind',
      {
        cluster: {
          changes: [{ age: '5m', apply: [{ action: 'patch', resource: 'widgets', name: 'x', patch: {} }] }],
        },
      },
      'cluster.changes[0].apply[0].resource',
    ],
    [
      'a change too long ago',
      { cluster: { changes: [{ age: '2h', apply: [{ action: 'delete', resource: 'pods', name: 'x' }] }] } },
      'at most 45m',
    ],
    [
      'an unknown incident',
      { cluster: { incidents: ['flood'] } },
      'cluster.incidents[0]: found "flood", expected one of crash-loop',
    ],
    ['{pod} without whose', { alert: { labels: { pod: '{pod}' }, annotations: {} } }, 'alert.about'],
    [
      'a right answer that fails',
      { examples: { right: 'No idea.', wrong: ['x'] } },
      'examples.right: found an answer that fails (Not said in the conclusion: "the tag".)',
    ],
    [
      'a wrong answer that passes',
      { examples: { right: 'the tag', wrong: ['x', 'It is not the tag.'] } },
      'examples.wrong[1]: found an answer that passes',
    ],
  ])('names file, line and path of %s', async (_name, changes, words) => {
    await write('bad.yaml', changes);
    const text = await problemsOf();
    expect(text).toMatch(/bad\.yaml:\d+ /);
    expect(text).toContain(words);
  });

  it('takes the scenario that the documentation shows', async () => {
    const page = await readFile(new URL('../../docs/evaluation.md', import.meta.url), 'utf8');
    const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    await writeFile(join(directory, 'example.yaml'), example);
    expect(await loadScenarios([directory])).toMatchObject([{ name: 'cart-image-not-there' }]);
  });

  it('takes JSON, and names its mistakes too', async () => {
    await write('a.json', {});
    expect(await loadScenarios([directory])).toMatchObject([{ name: 'mine' }]);
    await write('a.json', { difficulty: 'brutal' });
    expect(await problemsOf()).toMatch(/a\.json:\d+ difficulty: found "brutal"/);
  });

  it('refuses a name that is taken', async () => {
    await write('a.yaml', {});
    await write('b.yaml', {});
    expect(await problemsOf()).toMatch(/b\.yaml:2 name: found the name of .*a\.yaml/);
  });
});
