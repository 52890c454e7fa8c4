import { splitReferences } from './split-references.ts';

/** The part of a hast node that is needed here. */
type Node = {
  type: string;
  value?: string;
  tagName?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
};

/** Not in code: there a reference is part of what is quoted. */
const verbatim = new Set(['code', 'pre']);

/** Element that stands for a reference; rendered by the evidence chip. */
export const REFERENCE_ELEMENT = 'evidence-ref';

/** A rehype plugin that turns `[tool: id]` in running text into `<evidence-ref callid=…>`. */
export function rehypeReferences(isKnown: (callId: string) => boolean) {
  const visit = (node: Node): void => {
    if (!node.children || verbatim.has(node.tagName ?? '')) return;
    node.children = node.children.flatMap((child) => {
      visit(child);
      if (child.type !== 'text' || !child.value) return [child];
      return splitReferences(child.value, isKnown).map(
        (piece): Node =>
          piece.kind === 'text'
            ? { type: 'text', value: piece.text }
            : {
                type: 'element',
                tagName: REFERENCE_ELEMENT,
                properties: { callid: piece.callId },
                children: [],
              },
      );
    });
  };
  return () => (tree: Node) => visit(tree);
}
