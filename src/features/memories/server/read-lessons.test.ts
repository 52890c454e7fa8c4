import { expect, test } from 'vitest';
import { readLessons } from './read-lessons.ts';

const lessonsOf = (answer: unknown) => {
  const read = readLessons(typeof answer === 'string' ? answer : JSON.stringify(answer));
  if ('problem' in read) throw new Error(read.problem);
  return read.lessons;
};

test('a complete answer', () => {
  const answer = {
    create: [
      {
        content: 'The Secret is renamed by hand.',
        category: 'procedural',
        valence: 'negative',
        confidence: 0.9,
      },
    ],
    reinforce: ['m1'],
    deprecate: [{ id: 'm2', why: 'It was the node.' }],
  };
  expect(lessonsOf(`Sure!\n\`\`\`json\n${JSON.stringify(answer)}\n\`\`\``)).toEqual(answer);
});

test('what is missing or odd is forgiven, entry by entry', () => {
  expect(
    lessonsOf({
      create: [
        { content: 'Kept.', category: 'feeling', confidence: 'very' },
        { content: 'Kept as usual.', confidence: null },
        { category: 'semantic' },
        'no object',
        { content: 'Kept, too.', confidence: '0.4' },
      ],
      reinforce: [{ id: 'm1' }, 7],
      deprecate: ['m2'],
    }),
  ).toEqual({
    create: [
      { content: 'Kept.', category: 'semantic', valence: 'neutral', confidence: 0.6 },
      { content: 'Kept as usual.', category: 'semantic', valence: 'neutral', confidence: 0.6 },
      { content: 'Kept, too.', category: 'semantic', valence: 'neutral', confidence: 0.4 },
    ],
    reinforce: ['m1'],
    deprecate: [{ id: 'm2', why: 'An investigation showed it to be wrong.' }],
  });
  expect(lessonsOf('{"create": null}')).toEqual({ create: [], reinforce: [], deprecate: [] });
});

test('no more than a few are created', () => {
  const create = Array.from({ length: 9 }, (_, index) => ({ content: `Fact ${index}.` }));
  expect(lessonsOf({ create }).create).toHaveLength(3);
});

test.each(['I would remember nothing.', '{"memories": []}', '["create"]'])('unreadable: %s', (answer) => {
  expect(readLessons(answer)).toHaveProperty('problem');
});
