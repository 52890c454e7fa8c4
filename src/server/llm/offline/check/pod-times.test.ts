import { expect, test } from 'vitest';
import { noFacts } from '../facts.ts';
import { addRow } from '../parse-rows.ts';
import { parseTable } from '../parse-table.ts';
import { timesOf } from './pod-times.ts';
import { isTroubled } from './trouble.ts';

const HEADER =
  'NAMESPACE   APIVERSION   KIND   NAME    READY   STATUS             RESTARTS        AGE     IP       NODE   LABELS';
function podOf(state: string) {
  const facts = noFacts();
  for (const row of parseTable(`${HEADER}\n${state}`)) addRow(facts, 'Pod', row, 'call');
  const [pod] = facts.pods;
  if (!pod) throw new Error('no pod was read');
  return pod;
}
const NEW =
  'shop        v1           Pod    web-1   0/1     ContainerCreating  0               40s     <none>   n1     <none>';
const STUCK =
  'shop        v1           Pod    web-1   0/1     ContainerCreating  0               9m4s    <none>   n1     <none>';
const BETWEEN =
  'shop        v1           Pod    web-1   1/1     Running            7 (2m13s ago)   41m     <none>   n1     <none>';
const LONG_AGO =
  'shop        v1           Pod    web-1   1/1     Running            7 (3d2h ago)    9d      <none>   n1     <none>';

test('the times that a list prints', () => {
  expect(timesOf(podOf(NEW))).toEqual({ restartedS: null, ageS: 40 });
  expect(timesOf(podOf(BETWEEN))).toEqual({ restartedS: 133, ageS: 41 * 60 });
});

test('a new pod is starting, one between two crashes is in trouble', () => {
  expect([NEW, STUCK, BETWEEN, LONG_AGO].map((line) => isTroubled(podOf(line)))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
