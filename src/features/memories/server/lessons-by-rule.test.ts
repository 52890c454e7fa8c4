import { describe, expect, test } from 'vitest';
import { lessonsByRule } from './lessons-by-rule.ts';

const analysis = (
  confidence: string,
) => `Deployment shop/checkout ends because \`DATABASE_URL\` is missing. [tool: c1]

## Root cause
Container checkout takes key \`DATABASE_URL\` of Secret checkout-database. The key is not there. [tool: c2]

## What to do now
1. Look at the keys that exist:
   kubectl describe secret

## Confidence
**${confidence}**: two results agree.`;

const facts = {
  title: 'KubePodCrashLooping',
  analysis: analysis('high'),
  rating: null,
  note: null,
  injected: ['m1'],
};

describe('lessonsByRule', () => {
  test('the stated cause and the first step, with the stated confidence', () => {
    expect(lessonsByRule(facts, [])).toEqual({
      create: [
        {
          content:
            'KubePodCrashLooping: the cause was: Container checkout takes key DATABASE_URL of Secret checkout-database. First step: Look at the keys that exist.',
          category: 'episodic',
          valence: 'neutral',
          confidence: 0.7,
        },
      ],
      reinforce: [],
      deprecate: [],
    });
    expect(lessonsByRule({ ...facts, analysis: analysis('medium') }, []).create[0]?.confidence).toBe(0.5);
  });

  test('of several causes the first, not its number', () => {
    const several = facts.analysis.replace('Container checkout', '1. Container checkout');
    expect(lessonsByRule({ ...facts, analysis: several }, []).create[0]?.content).toContain(
      'the cause was: Container checkout takes key DATABASE_URL of Secret checkout-database.',
    );
  });

  test('what is doubtful or unknown is not noted', () => {
    expect(lessonsByRule({ ...facts, analysis: analysis('low') }, []).create).toEqual([]);
    expect(
      lessonsByRule({ ...facts, analysis: 'I do not know the cause.\n\n## Confidence\nhigh' }, []).create,
    ).toEqual([]);
    expect(lessonsByRule({ ...facts, analysis: '' }, []).create).toEqual([]);
  });

  test('a cause that is known is confirmed instead of noted again', () => {
    const known = [
      { id: 'm7', content: 'Another one.' },
      {
        id: 'm8',
        content:
          'KubePodCrashLooping 3: the cause was: Container checkout takes key DATABASE_URL of Secret checkout-database.',
      },
    ];
    expect(lessonsByRule(facts, known)).toEqual({ create: [], reinforce: ['m8'], deprecate: [] });
    expect(lessonsByRule({ ...facts, note: 'Again!' }, known).create).toHaveLength(1);
  });

  test('a right answer confirms what the session was given', () => {
    expect(lessonsByRule({ ...facts, rating: 'accurate', note: 'Yes.' }, [])).toMatchObject({
      create: [{ content: expect.stringMatching(/A person said: Yes\.$/) }],
      reinforce: ['m1'],
    });
  });

  test('of a wrong answer the person counts', () => {
    const { create } = lessonsByRule({ ...facts, rating: 'inaccurate', note: 'It was DNS.' }, []);
    expect(create).toMatchObject([{ valence: 'negative' }]);
    expect(create[0]?.content).toMatch(/was wrong: .* A person said: It was DNS\.$/);
    expect(lessonsByRule({ ...facts, rating: 'inaccurate' }, []).create).toEqual([]);
  });
});
