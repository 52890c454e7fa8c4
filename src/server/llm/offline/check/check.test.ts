import { describe, expect, test } from 'vitest';
import { formatOutcome, readOutcome } from '#src/lib/check-outcome.ts';
import { createOfflineModel } from '../index.ts';
import { crashLoop, object, pod } from '../testing/fixture-objects.ts';
import { answerTool, type FixtureCluster, fixtureTools } from '../testing/fixture-tools.ts';
import { runInvestigation } from '../testing/run-investigation.ts';
import { mergeOutcomes } from './write-check-synthesis.ts';

const NAMESPACES = [object('Namespace', '', 'default'), object('Namespace', '', 'ledger')];
const well = pod({ namespace: 'ledger', name: 'api-7c9d8f6b5-x2k9p', owner: 'api-7c9d8f6b5' });

async function check(objects: Record<string, unknown>[], cluster: Partial<FixtureCluster> = {}) {
  const full = { ...cluster, objects: [...NAMESPACES, ...objects] };
  const run = await runInvestigation(
    createOfflineModel({ paceMs: 0 }),
    fixtureTools('prod'),
    'Look at namespace ledger.',
    (name, args) => answerTool(full, name, args),
    'check',
  );
  const result = readOutcome(run.text);
  if (!result) throw new Error(`no outcome in: ${run.text}`);
  const ids = run.calls.map((call) => call.id);
  for (const [, id] of run.text.matchAll(/\[tool: ([^\]]+)\]/g)) expect(ids).toContain(id);
  return { ...result, keys: result.findings.map(({ key }) => key), text: run.text };
}

const jobOf = (status: Record<string, unknown>) =>
  object('Job', 'ledger', 'export', { spec: { completions: 1 }, status }, 'batch/v1');

describe('a check', () => {
  test('of a namespace that is well says so, with what was looked at', async () => {
    const { outcome, summary, text } = await check([well]);
    expect({ outcome, summary }).toEqual({
      outcome: 'healthy',
      summary: 'Nothing is wrong in namespace ledger: 1 pods, 0 nodes looked at.',
    });
    expect(text).toContain('**high**');
  });

  test('names what it cannot explain', async () => {
    const stuck = pod({ namespace: 'ledger', name: 'db-0', ready: false, owner: '' });
    const { keys, findings, text } = await check([well, stuck]);
    expect(keys).toEqual(['statefulset/ledger/db pods-not-ready']);
    expect(findings[0]?.text).toBe('StatefulSet ledger/db has 1 pod that is not ready (Running).');
    expect(text).toContain('**low**');
  });

  test('lists several things at once, each workload once', async () => {
    const crashing = ['x2k9p', 'm4n7q'].map((id) =>
      pod({ namespace: 'ledger', name: `web-5d4f8c7b9-${id}`, owner: 'web-5d4f8c7b9', ...crashLoop(1) }),
    );
    const claim = object('PersistentVolumeClaim', 'ledger', 'data', {
      status: { phase: 'Pending' },
      spec: {},
    });
    const { keys } = await check([well, ...crashing, claim]);
    expect(keys).toHaveLength(2);
    expect(keys).toContain('persistentvolumeclaim/ledger/data claim-pending');
    expect(keys.some((key) => key.startsWith('deployment/ledger/web '))).toBe(true);
  });

  test('leaves alone what is over', async () => {
    const before = pod({
      namespace: 'ledger',
      name: 'web-5d4f8c7b9-x2k9p',
      owner: 'web-5d4f8c7b9',
      restarts: 4,
      restartedAgo: '3d2h',
      lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2026-01-01T10:00:00Z' } },
    });
    expect((await check([well, before])).outcome).toBe('healthy');
  });

  test('of a failed Job', async () => {
    const failed = jobOf({
      failed: 3,
      conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }],
    });
    expect((await check([well, failed])).keys).toEqual(['job/ledger/export failed-job']);
    expect(
      (await check([well, jobOf({ succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }] })]))
        .outcome,
    ).toBe('healthy');
  });

  test('that sees no pods does not know', async () => {
    expect(await check([])).toMatchObject({
      outcome: 'unknown',
      summary: 'No pods could be seen in namespace ledger.',
    });
  });

  test('without tools that it knows does not know', async () => {
    const run = await runInvestigation(
      createOfflineModel({ paceMs: 0 }),
      [],
      'Look at namespace ledger.',
      () => ({ text: '', failed: true }),
      'check',
    );
    expect(readOutcome(run.text)?.outcome).toBe('unknown');
    expect(run.text).toContain('could not look at the cluster');
  });
});

describe('several agents on one check', () => {
  const record = (...answers: string[]) =>
    answers
      .map((answer, n) => `<<<BEGIN DATA: agent "a${n}">>>\n${answer}\n<<<END DATA: agent "a${n}">>>`)
      .join('\n');
  const found = (...keys: string[]) =>
    formatOutcome({ outcome: 'findings', summary: 's', findings: keys.map((key) => ({ key, text: key })) });
  const healthy = formatOutcome({ outcome: 'healthy', summary: 'well', findings: [] });
  const unknown = formatOutcome({ outcome: 'unknown', summary: 'blind', findings: [] });

  test('what one has seen counts, and each problem once', () => {
    const merged = readOutcome(mergeOutcomes(record(healthy, found('a', 'b'), found('b', 'c'))) ?? '');
    expect(merged?.findings.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    expect(readOutcome(mergeOutcomes(record(unknown, healthy)) ?? '')?.outcome).toBe('healthy');
    expect(mergeOutcomes(record('no outcome'))).toBeNull();
  });
});
