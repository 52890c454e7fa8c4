import { describe, expect, test } from 'vitest';
import {
  resolveBudgets,
  resolveExecution,
  resolveSuccessPolicy,
  resolveSupportExecution,
} from './resolve-execution.ts';
import { resolveAlertMasking, resolveServerMasking } from './resolve-masking.ts';
import { type Config, configSchema } from './schema.ts';
import { chainForAlertType } from './select-chain.ts';
import { snapshotChain } from './snapshot-chain.ts';

const stdio = { transport: { type: 'stdio', command: 'x' } };

function config(overrides: Record<string, unknown> = {}): Config {
  return configSchema.parse({
    defaults: { llmProvider: 'd', fallbackProviders: ['f', 'd', 'f'], budgets: { costUsd: 1, tokens: 100 } },
    llmProviders: { d: { type: 'openai', model: 'm', apiKey: 'top-secret-key' } },
    mcpServers: {
      one: { ...stdio, masking: { groups: ['kubernetes'], custom: [{ name: 'X', pattern: 'x+' }] } },
      two: stdio,
    },
    masking: { patterns: { SHARED: 'y+' } },
    agents: {
      a: { maxIterations: 5, instructions: 'look' },
      chat: { type: 'chat' },
      synthesis: { type: 'synthesis' },
      judge: { type: 'scoring' },
      'executive-summary': { type: 'summary' },
      spare: {},
    },
    chains: { c: { alertTypes: ['T'], stages: [{ name: 's', agents: ['a'] }] } },
    ...overrides,
  });
}

function resolve(
  chain: Record<string, unknown>,
  stage: Record<string, unknown>,
  agent: Record<string, unknown>,
) {
  const stages = [{ name: 's', ...stage, agents: [{ name: 'a', ...agent }] }];
  const parsed = config({ chains: { c: { alertTypes: ['T'], stages, ...chain } } });
  const { chain: selected } = chainForAlertType(parsed, 'T');
  const [first] = selected.stages;
  const [stageAgent] = first?.agents ?? [];
  if (first === undefined || stageAgent === undefined) throw new Error('a stage was expected');
  return { config: parsed, chain: selected, stage: first, stageAgent };
}

describe('resolveExecution', () => {
  test('the stronger level wins: defaults, agent, chain, stage, the stage’s agent', () => {
    expect(resolveExecution(resolve({}, {}, {}))).toMatchObject({
      maxIterations: 5,
      llmProvider: 'd',
      instructions: 'look',
    });
    expect(resolveExecution(resolve({ maxIterations: 6 }, {}, {})).maxIterations).toBe(6);
    expect(resolveExecution(resolve({ maxIterations: 6 }, { maxIterations: 7 }, {})).maxIterations).toBe(7);
    expect(
      resolveExecution(resolve({ maxIterations: 6 }, { maxIterations: 7 }, { maxIterations: 8 }))
        .maxIterations,
    ).toBe(8);
    expect(resolveExecution(resolve({ llmProvider: 'x' }, {}, {})).llmProvider).toBe('x');
  });

  test('what happens at the limit is resolved like the limit; who answers once never pauses', () => {
    const at = (...levels: Parameters<typeof resolve>) =>
      resolveExecution(resolve(...levels)).onIterationLimit;
    const pause = { onIterationLimit: 'pause' };
    const conclude = { onIterationLimit: 'conclude' };
    expect(at({}, {}, {})).toBe('conclude');
    expect(at(pause, {}, {})).toBe('pause');
    expect(at(pause, conclude, {})).toBe('conclude');
    expect(at(pause, conclude, pause)).toBe('pause');
    const { config: source, chain, stage } = resolve({ ...pause, chat: conclude }, {}, {});
    const ofRole = (role: 'chat' | 'synthesis') =>
      resolveSupportExecution({ config: source, chain, stage, role }).onIterationLimit;
    expect([ofRole('chat'), ofRole('synthesis')]).toEqual(['conclude', 'conclude']);
    // The snapshot of a session from before there was a choice.
    const { onIterationLimit: _absent, ...defaults } = source.defaults;
    const old: typeof source.defaults = JSON.parse(JSON.stringify(defaults));
    const [stageAgent] = stage.agents;
    if (!stageAgent) throw new Error('no agent');
    const { chain: plain } = resolve({}, {}, {});
    expect(
      resolveExecution({ config: { ...source, defaults: old }, chain: plain, stageAgent }).onIterationLimit,
    ).toBe('conclude');
  });

  test('fallbacks: no repeats, not the provider itself; an explicit empty list clears', () => {
    expect(resolveExecution(resolve({}, {}, {})).fallbackProviders).toEqual(['f']);
    expect(resolveExecution(resolve({}, { fallbackProviders: [] }, {})).fallbackProviders).toEqual([]);
  });

  test('servers: all when named nowhere, none when empty, the alert replaces everything', () => {
    expect(resolveExecution(resolve({}, {}, {})).mcpServers).toEqual([{ name: 'one' }, { name: 'two' }]);
    expect(resolveExecution(resolve({ mcpServers: ['one'] }, { mcpServers: [] }, {})).mcpServers).toEqual([]);
    const alertMcp = [{ name: 'two', tools: ['get'] }];
    expect(resolveExecution({ ...resolve({ mcpServers: ['one'] }, {}, {}), alertMcp }).mcpServers).toEqual(
      alertMcp,
    );
  });

  test('supporting roles: no tools for synthesis, summary and scoring; chat gets what the stages use', () => {
    const { config: source, chain, stage } = resolve({ mcpServers: ['one'], llmProvider: 'x' }, {}, {});
    for (const role of ['synthesis', 'summary', 'scoring'] as const) {
      expect(resolveSupportExecution({ config: source, chain, stage, role })).toMatchObject({
        mcpServers: [],
        llmProvider: 'x',
      });
    }
    const narrow = resolve(
      { chat: { maxIterations: 3 } },
      {},
      { mcpServers: [{ name: 'two', tools: ['get'] }] },
    );
    expect(
      resolveSupportExecution({ config: narrow.config, chain: narrow.chain, role: 'chat' }),
    ).toMatchObject({
      agent: 'chat',
      maxIterations: 3,
      mcpServers: [{ name: 'two', tools: ['get'] }],
    });
  });

  test('budgets and success policy', () => {
    const {
      config: source,
      chain,
      stage,
    } = resolve({ budgets: { tokens: 7 }, successPolicy: 'all' }, {}, {});
    expect(resolveBudgets(source, chain)).toEqual({ costUsd: 1, tokens: 7 });
    expect(resolveSuccessPolicy(source, chain, stage)).toBe('all');
    expect(resolveSuccessPolicy(source, chain, { ...stage, successPolicy: 'any' })).toBe('any');
  });
});

test('an alert type that no chain names, or none, goes to the default chain', () => {
  const parsed = config({ defaults: { chain: 'c' } });
  expect(chainForAlertType(parsed, 'T').name).toBe('c');
  expect(chainForAlertType(parsed, 'unknown').name).toBe('c');
  expect(chainForAlertType(parsed).name).toBe('c');
});

test('a snapshot resolves like the configuration, survives JSON, and holds no secret and no unreachable agent', () => {
  const { config: source, chain, stage, stageAgent } = resolve({}, {}, {});
  const snapshot = snapshotChain(source, 'c');
  const text = JSON.stringify(snapshot);
  expect(JSON.parse(text)).toEqual(snapshot);
  expect(text).not.toContain('top-secret-key');
  expect(Object.keys(snapshot.agents).sort()).toEqual([
    'a',
    'chat',
    'executive-summary',
    'judge',
    'synthesis',
  ]);
  expect(resolveExecution({ config: snapshot, chain: snapshot.chain, stage, stageAgent })).toEqual(
    resolveExecution({ config: source, chain, stage, stageAgent }),
  );
});

test('patterns of the masking section hold everywhere', () => {
  const parsed = config();
  const shared = { name: 'SHARED', pattern: 'y+' };
  expect(resolveAlertMasking(parsed)).toEqual({ groups: ['security'], patterns: [], custom: [shared] });
  expect(resolveServerMasking(parsed, 'one')).toEqual({
    groups: ['kubernetes'],
    patterns: [],
    custom: [{ name: 'X', pattern: 'x+' }, shared],
  });
  expect(resolveServerMasking(parsed, 'gone').groups).toEqual(['security']);
});

describe('skills', () => {
  const skills = (
    agent: Record<string, unknown>,
    stage: Record<string, unknown>,
    stageAgent: Record<string, unknown>,
  ) => {
    const source = config({
      agents: { ...config().agents, a: agent },
      chains: {
        c: { alertTypes: ['T'], stages: [{ name: 's', ...stage, agents: [{ name: 'a', ...stageAgent }] }] },
      },
    });
    const { chain } = chainForAlertType(source, 'T');
    const [first] = chain.stages;
    const [one] = first?.agents ?? [];
    if (!first || !one) throw new Error('no stage');
    const { skills: offered, requiredSkills } = resolveExecution({
      config: source,
      chain,
      stage: first,
      stageAgent: one,
    });
    return { offered, required: requiredSkills };
  };

  test('who is given no tools has the required ones only', () => {
    const source = config({
      agents: { ...config().agents, synthesis: { type: 'synthesis', requiredSkills: ['r'] } },
    });
    const { chain } = chainForAlertType(source, 'T');
    const { skills: offered, requiredSkills } = resolveSupportExecution({
      config: source,
      chain,
      role: 'synthesis',
    });
    expect({ offered, requiredSkills }).toEqual({ offered: [], requiredSkills: ['r'] });
  });

  test('all are on offer unless the agent names some; a stage and its agent add to them', () => {
    expect(skills({}, {}, {})).toEqual({ offered: null, required: [] });
    expect(skills({}, { skills: ['x'] }, {})).toEqual({ offered: null, required: [] });
    expect(skills({ skills: [] }, {}, {})).toEqual({ offered: [], required: [] });
    expect(
      skills(
        { skills: ['a'], requiredSkills: ['r'] },
        { skills: ['b'], requiredSkills: ['s'] },
        { skills: ['c', 'a'], requiredSkills: ['r', 't'] },
      ),
    ).toEqual({ offered: ['a', 'b', 'c'], required: ['r', 's', 't'] });
  });
});
