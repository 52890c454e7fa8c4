import { describe, expect, it } from 'vitest';
import { nameTools, wireNameOf } from './name-tools.ts';
import type { ListedTool } from './types.ts';

function tool(server: string, name: string): ListedTool {
  return {
    server,
    name,
    description: '',
    inputSchema: { type: 'object' },
    readOnly: true,
    destructive: false,
    annotations: {},
  };
}

const PROVIDERS_ACCEPT = /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/;

describe('wireNameOf', () => {
  it.each([
    ['cluster', 'pods_list', 'cluster__pods_list'],
    ['eu.prod', 'pods/list', 'eu_prod__pods_list'],
    ['3scale', 'get', '_3scale__get'],
    ['größe', 'ü', 'gr__e___'],
  ])('%s and %s give %s', (server, name, expected) => {
    expect(wireNameOf(server, name)).toBe(expected);
    expect(expected).toMatch(PROVIDERS_ACCEPT);
  });

  it('shortens long names to different ones', () => {
    const long = 'a'.repeat(200);
    const [one, two] = [wireNameOf('cluster', `${long}1`), wireNameOf('cluster', `${long}2`)];
    expect(one).toMatch(PROVIDERS_ACCEPT);
    expect(one).not.toBe(two);
  });
});

describe('nameTools', () => {
  it('keeps names apart, in an order that does not depend on the list', () => {
    const tools = [tool('s', 'a.b'), tool('s', 'a_b'), tool('s', 'a/b'), tool('s', 'c')];
    const forward = new Map(nameTools(tools).map(({ name, wireName }) => [name, wireName]));
    const backward = new Map(nameTools([...tools].reverse()).map(({ name, wireName }) => [name, wireName]));
    expect(new Set(forward.values()).size).toBe(4);
    expect([...backward].sort()).toEqual([...forward].sort());
    for (const name of forward.values()) expect(name).toMatch(PROVIDERS_ACCEPT);
  });
});
