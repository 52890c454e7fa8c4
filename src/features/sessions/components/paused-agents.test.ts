import { expect, test } from 'vitest';
import { pausedAgents, shownStatus } from './paused-agents.ts';

test('an agent that waits is paused where a pause is asked about, and nothing else', () => {
  const paused = pausedAgents([
    { kind: 'pause', executionId: 'e1' },
    { kind: 'tool', executionId: 'e2' },
  ]);
  expect(shownStatus({ id: 'e1', status: 'waiting' }, paused)).toBe('paused');
  expect(shownStatus({ id: 'e1', status: 'running' }, paused)).toBe('running');
  expect(shownStatus({ id: 'e2', status: 'waiting' }, paused)).toBe('waiting');
});
