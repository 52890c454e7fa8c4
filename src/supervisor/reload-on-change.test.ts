import { expect, it } from 'vitest';
import { processesAffectedBy } from './reload-on-change.ts';

it.each([
  ['src/server/crypto.ts', ['web', 'worker']],
  ['src/features/sessions/server/recorder.ts', ['web', 'worker']],
  ['src/features/sessions/schema.ts', ['web', 'worker']],
  ['src/web/health.ts', ['web']],
  ['src/main.ts', ['web']],
  ['worker/tasks/run-session.ts', ['worker']],
  ['src/features/sessions/components/row.tsx', []],
  ['src/features/sessions/hooks/use-session.ts', []],
  ['src/app/page.tsx', []],
  ['src/server/crypto.test.ts', []],
  ['src/cli/main.ts', []],
])('%s restarts %j', (path, expected) => {
  expect(processesAffectedBy(path)).toEqual(expected);
});
