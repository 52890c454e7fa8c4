import { describe, expect, it } from 'vitest';
import { nameTools, wireNameOf } from './name-tools.ts';
import { resolveToolName } from './resolve-tool-name.ts';

const tools = [
  ['cluster', 'pods_list'],
  ['cluster', 'pods_log'],
  ['cluster', 'events_list'],
  ['eu.prod', 'pods.list'],
  ['box', 'echo'],
  ['case', 'echo'],
].map(([server = '', name = '']) => ({ server, name, wireName: wireNameOf(server, name) }));

const LISTED = {
  description: '',
  inputSchema: { type: 'object' as const },
  readOnly: false,
  destructive: true,
  annotations: {},
};

function resolve(requested: string) {
  const resolved = resolveToolName(requested, tools);
  return resolved.found ? resolved.tool.wireName : resolved.message;
}

describe('resolveToolName', () => {
  it.each([
    ['cluster__pods_list', 'cluster__pods_list'],
    ['cluster.pods_list', 'cluster__pods_list'],
    ['  cluster.pods_list ', 'cluster__pods_list'],
    ['functions.cluster__pods_list', 'cluster__pods_list'],
    ['pods_log', 'cluster__pods_log'],
    ['Cluster__Pods_Log', 'cluster__pods_log'],
    ['eu.prod.pods.list', 'eu_prod__pods_list'],
    ['eu.prod__pods.list', 'eu_prod__pods_list'],
    ['eu_prod__pods_list', 'eu_prod__pods_list'],
    ['pods.list', 'eu_prod__pods_list'],
  ])('%s → %s', (requested, wireName) => {
    expect(resolve(requested)).toBe(wireName);
  });

  it('takes a name on the wire for the tool that has it, not for one that is spelt so', () => {
    const alike = nameTools(
      ['eu_prod', 'eu.prod'].map((server) => ({ ...LISTED, server, name: 'pods_delete' })),
    );
    for (const { server, wireName } of alike)
      expect(resolveToolName(wireName, alike)).toMatchObject({ found: true, tool: { server } });
  });

  it('asks which one when several servers have the tool', () => {
    expect(resolve('echo')).toBe('Several servers have a tool "echo". Write one of box__echo, case__echo.');
  });

  it('offers near matches', () => {
    expect(resolve('cluster__pod_logs')).toContain('Did you mean cluster__pods_log');
    expect(resolve('kubernetes__events_list')).toContain('Did you mean cluster__events_list');
  });

  it('lists what there is when nothing is near', () => {
    expect(resolve('qqqqqqqqqqqqqqqqqqqqqqqq')).toContain(
      'Available: cluster__pods_list, cluster__pods_log,',
    );
    expect(resolveToolName('x', [])).toMatchObject({
      message: expect.stringContaining('no tools are available'),
    });
  });

  it('keeps absurd names short in its answer', () => {
    expect(resolve('x'.repeat(100_000)).length).toBeLessThan(1_000);
  });
});
