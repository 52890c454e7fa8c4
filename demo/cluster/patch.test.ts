import { describe, expect, it } from 'vitest';
import { applyJsonPatch, applyMergePatch, applyStrategicPatch, PatchError } from './patch.ts';

describe('patches', () => {
  it('merges, removes and replaces (RFC 7396)', () => {
    expect(applyMergePatch({ a: 1, b: { c: 2, d: 3 }, e: [1] }, { a: null, b: { c: 4 }, e: [2] })).toEqual({
      b: { c: 4, d: 3 },
      e: [2],
    });
  });

  it('merges lists of Kubernetes by their key', () => {
    const target = {
      containers: [
        { name: 'a', image: '1', env: [{ name: 'X', value: '1' }] },
        { name: 'b', image: '1' },
      ],
      args: ['x'],
    };
    const patch = {
      containers: [
        { name: 'a', env: [{ name: 'Y', value: '2' }] },
        { name: 'b', $patch: 'delete' },
      ],
      args: ['y'],
    };
    expect(applyStrategicPatch(target, patch)).toEqual({
      containers: [
        {
          name: 'a',
          image: '1',
          env: [
            { name: 'X', value: '1' },
            { name: 'Y', value: '2' },
          ],
        },
      ],
      args: ['y'],
    });
  });

  it('applies operations in order and leaves the original alone (RFC 6902)', () => {
    const target = { a: { 'b/c': [1, 2] } };
    const operations = [
      { op: 'test', path: '/a/b~1c/0', value: 1 },
      { op: 'add', path: '/a/b~1c/-', value: 3 },
      { op: 'remove', path: '/a/b~1c/0' },
      { op: 'copy', from: '/a/b~1c/0', path: '/z' },
    ];
    expect(applyJsonPatch(target, operations)).toEqual({ a: { 'b/c': [2, 3] }, z: 2 });
    expect(target).toEqual({ a: { 'b/c': [1, 2] } });
    expect(() => applyJsonPatch(target, [{ op: 'test', path: '/a', value: 0 }])).toThrow(PatchError);
    expect(() => applyJsonPatch(target, [{ op: 'replace', path: '/q', value: 0 }])).toThrow(PatchError);
  });
});
