import { describe, expect, it } from 'vitest';
import { loadConfig, resolveExecution } from '#src/server/config/index.ts';
import { writeConfig } from '#test/kernel.ts';
import { chooseSubject, evaluationConfig } from './evaluation-config.ts';

const load = async () =>
  (
    await loadConfig({
      env: {},
      directory: await writeConfig({
        defaults: { llmProvider: 'main', fallbackProviders: ['spare'] },
        llmProviders: {
          main: { type: 'openai-compatible', model: 'm', baseUrl: 'http://127.0.0.1:9/v1' },
          spare: { type: 'openai-compatible', model: 's', baseUrl: 'http://127.0.0.1:9/v1' },
        },
        mcpServers: { real: { transport: { type: 'http', url: 'http://127.0.0.1:9/mcp' } } },
        agents: { mine: { instructions: 'Be quick.', llmProvider: 'spare', mcpServers: ['real'] } },
        chains: {
          own: {
            alertTypes: ['own'],
            stages: [{ name: 'look', agents: [{ name: 'mine', fallbackProviders: ['main'] }] }],
            scoring: { enabled: true },
          },
        },
      }),
    })
  ).config;
const options = { kubeconfig: '/tmp/kubeconfig', maxIterations: 7, chain: 'own' };

describe('evaluationConfig', () => {
  it('keeps chain, agents and prompts, and replaces the tools', async () => {
    const config = evaluationConfig(await load(), options);
    const chain = config.chains.own;
    const [stage] = chain?.stages ?? [];
    const [stageAgent] = stage?.agents ?? [];
    if (!chain || !stage || !stageAgent) throw new Error('the chain is gone');
    const alertMcp = [{ name: 'cluster' }];
    expect(resolveExecution({ config, chain, stage, stageAgent, alertMcp })).toMatchObject({
      instructions: 'Be quick.',
      llmProvider: 'spare',
      fallbackProviders: ['main'],
      maxIterations: 7,
      mcpServers: [{ name: 'cluster' }],
    });
    expect(Object.keys(config.mcpServers)).toEqual(['cluster']);
  });

  it('forces a wanted provider on every level, without falling back to another', async () => {
    const config = evaluationConfig(await load(), { ...options, provider: 'offline' });
    const chain = config.chains.own;
    const [stage] = chain?.stages ?? [];
    const [stageAgent] = stage?.agents ?? [];
    if (!chain || !stage || !stageAgent) throw new Error('the chain is gone');
    expect(resolveExecution({ config, chain, stage, stageAgent })).toMatchObject({
      llmProvider: 'offline',
      fallbackProviders: [],
    });
  });

  it('starts nothing that outlives the attempt', async () => {
    const config = evaluationConfig(await load(), options);
    expect(config.memory.enabled).toBe(false);
    expect(config.chains.own?.executiveSummary.enabled).toBe(false);
    expect(config.chains.own?.scoring.enabled).toBe(false);
  });

  it('says which providers and chains there are', async () => {
    const config = await load();
    expect(() => chooseSubject(config, { provider: 'gpt' })).toThrow(
      /no LLM provider named gpt\. Configured: .*main, spare/,
    );
    expect(() => chooseSubject(config, { chain: 'x' })).toThrow(/no chain named x\. Configured: .*own/);
    expect(chooseSubject(config, { chain: 'own' })).toEqual({ provider: 'main', model: 'm', chain: 'own' });
  });
});
