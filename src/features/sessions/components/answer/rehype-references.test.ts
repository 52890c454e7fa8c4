import { expect, test } from 'vitest';
import { rehypeReferences } from './rehype-references.ts';

const text = (value: string) => ({ type: 'text', value });
const element = <T>(tagName: string, children: T[]) => ({ type: 'element', tagName, children });

test('references become elements in running text and stay text in code', () => {
  const tree = {
    type: 'root',
    children: [
      element('p', [
        { ...text('dead [tool: c1] and '), children: undefined },
        element('code', [text('[tool: c1]')]),
      ]),
    ],
  };
  rehypeReferences()(tree);
  expect(tree.children).toEqual([
    element('p', [
      text('dead '),
      { type: 'element', tagName: 'evidence-ref', properties: { reference: '[tool: c1]' }, children: [] },
      text(' and '),
      element('code', [text('[tool: c1]')]),
    ]),
  ]);
});
