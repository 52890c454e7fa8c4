import { expect, test } from 'vitest';
import { describeMemories, readMemories } from './read-memories.ts';

const whole = {
  id: 'm',
  content: 'A key is missing.',
  category: 'semantic',
  valence: 'neutral',
  confidence: 0.9,
};

test('memories of an entry, also of one from before their kind was kept with them', () => {
  const older = { id: 'n', content: 'It was removed.' };
  const read = readMemories({ type: 'memory_injected', data: { memories: [whole, older] } });
  expect(read).toEqual([whole, older]);
  expect(describeMemories(read ?? [])).toBe('• A key is missing.\n• It was removed.');
  expect(describeMemories((read ?? []).slice(0, 1))).toBe('A key is missing.');
});

test('a kind that is not known leaves the memory readable; other entries have none', () => {
  const read = readMemories({
    type: 'memory_injected',
    data: { memories: [{ ...whole, category: 'later' }] },
  });
  expect(read).toMatchObject([{ content: 'A key is missing.', category: null }]);
  expect(readMemories({ type: 'error', data: { memories: [whole] } })).toBeNull();
  expect(readMemories({ type: 'memory_injected', data: {} })).toBeNull();
});
