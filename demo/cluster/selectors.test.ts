import { describe, expect, it } from 'vitest';
import { parseKind } from './kinds/parse-kind.ts';
import {
  matchesLabels,
  matchesSelector,
  parseFieldSelector,
  parseLabelSelector,
  SelectorError,
} from './selectors.ts';

const labels = { app: 'web', tier: 'front' };

describe('label selectors', () => {
  it.each([
    ['', true],
    ['app=web', true],
    ['app==web,tier!=back', true],
    ['app in (api, web),tier', true],
    ['app notin (web)', false],
    ['!release', true],
    ['!app', false],
    ['release!=x', true],
    ['app=api', false],
  ])('%s → %s', (text, expected) => {
    expect(parseLabelSelector(text)(labels)).toBe(expected);
  });

  it('refuses nonsense', () => {
    expect(() => parseLabelSelector('a=(b')).toThrow(SelectorError);
  });

  it('follows matchLabels and matchExpressions', () => {
    const selector = {
      matchLabels: { app: 'web' },
      matchExpressions: [{ key: 'tier', operator: 'In', values: ['front'] }],
    };
    expect(matchesSelector(selector, labels)).toBe(true);
    expect(matchesSelector({ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, labels)).toBe(
      false,
    );
    expect(matchesSelector({}, labels)).toBe(true);
    expect(matchesSelector(undefined, labels)).toBe(false);
    expect(matchesLabels({}, labels)).toBe(false);
  });
});

describe('field selectors', () => {
  const pod = parseKind('pods', {
    metadata: { name: 'p', namespace: 'shop' },
    spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'i' }] },
    status: { phase: 'Running' },
  });
  it.each([
    ['spec.nodeName=n1', true],
    ['status.phase!=Running', false],
    ['metadata.namespace=shop,status.phase==Running', true],
    ['spec.hostname=', true],
  ])('%s → %s', (text, expected) => {
    expect(parseFieldSelector(text)(pod)).toBe(expected);
  });
});
