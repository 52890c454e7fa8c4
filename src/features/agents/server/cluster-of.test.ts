import { expect, test } from 'vitest';
import { clusterOf, describeClusters } from './cluster-of.ts';

test.each([
  [undefined, {}, null],
  [{}, { context: 'eu' }, null],
  [{ cluster: 'eu' }, { context: 'us' }, 'eu'],
  [{ clusterArgument: 'context' }, { context: 'us' }, 'us'],
  [{ clusterArgument: 'context' }, {}, null],
  [{ cluster: 'eu', clusterArgument: 'context' }, {}, 'eu'],
  [{ cluster: 'eu', clusterArgument: 'context' }, { context: '' }, 'eu'],
  [{ cluster: 'eu', clusterArgument: 'context' }, { context: 'us' }, 'us'],
  [{ cluster: 'eu', clusterArgument: 'context' }, { context: ['us'] }, 'eu'],
])('%j with %j is about %j', (server, args, cluster) => {
  expect(clusterOf(server, args)).toBe(cluster);
});

test('a model is told only what there is to tell', () => {
  expect(describeClusters('k', {})).toBeNull();
  expect(describeClusters('k', { cluster: 'eu' })).toContain('Results of "k" are about the cluster eu.');
  expect(describeClusters('k', { clusterArgument: 'context' })).toContain(
    '"context" chooses the cluster; always',
  );
});
