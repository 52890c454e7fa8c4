import { expect, test } from 'vitest';
import { readAreas } from './read-areas.ts';

const own = (text: string) => `You are TARS.\n\n## Your task in this team\n${text}`;

test.each([
  [own('Look only at network, storage and nodes. Read events of pods.'), ['network', 'storage', 'nodes']],
  [own('Be quick. Look only at Pods.'), ['workloads']],
  [own('Start at the pod, then follow the node and its claims.'), []],
  [own('Look only at the sky.'), []],
  ['Look only at nodes.', []],
  ['## Your task in this team\nSee all.\n\n## Your task in this team\nLook only at services.', ['network']],
  ['', []],
])('%s → %j', (system, areas) => {
  expect(readAreas(system)).toEqual(areas);
});
