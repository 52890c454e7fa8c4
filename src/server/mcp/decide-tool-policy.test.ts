import { describe, expect, it } from 'vitest';
import { decideToolPolicy, type PolicyQuestion } from './decide-tool-policy.ts';

type Rule = 'annotations' | 'always' | 'never';

function decide(readOnly: boolean, approval?: PolicyQuestion['approval'], server: string | null = 'cluster') {
  return decideToolPolicy({ tool: { server, name: 'pods_delete', readOnly }, approval, arguments: {} });
}

describe('decideToolPolicy', () => {
  it.each<[Rule, Rule | undefined, boolean, 'run' | 'approve']>([
    ['annotations', undefined, true, 'run'],
    ['annotations', undefined, false, 'approve'],
    ['never', undefined, true, 'run'],
    ['never', undefined, false, 'run'],
    ['always', undefined, true, 'approve'],
    ['always', undefined, false, 'approve'],
    ['always', 'never', false, 'run'],
    ['always', 'annotations', true, 'run'],
    ['always', 'annotations', false, 'approve'],
    ['never', 'always', true, 'approve'],
    ['never', 'annotations', false, 'approve'],
    ['annotations', 'always', true, 'approve'],
    ['annotations', 'never', false, 'run'],
  ])('default %s, own entry %s, read-only %s → %s', (rule, own, readOnly, action) => {
    const tools: Record<string, Rule> = own === undefined ? {} : { pods_delete: own };
    expect(decide(readOnly, { default: rule, tools }).action).toBe(action);
  });

  it('goes by annotations without a configuration, and lets built-in tools run', () => {
    expect(decide(true).action).toBe('run');
    expect(decide(false).action).toBe('approve');
    expect(decide(false, { default: 'always', tools: {} }, null).action).toBe('run');
  });

  it('does not take inherited properties for entries', () => {
    const question = {
      tool: { server: 'cluster', name: 'constructor', readOnly: false },
      approval: { default: 'annotations' as const, tools: {} },
      arguments: {},
    };
    expect(decideToolPolicy(question).action).toBe('approve');
  });

  it('says why', () => {
    expect(decide(false)).toEqual({
      action: 'approve',
      why: 'server "cluster" does not mark "pods_delete" as read-only',
    });
    expect(decide(true, { default: 'always', tools: {} })).toEqual({
      action: 'approve',
      why: 'the configuration of server "cluster" asks for approval of "pods_delete"',
    });
  });
});
