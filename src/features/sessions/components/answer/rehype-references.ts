/** A bracket that may name tool calls. */
const REFERENCE = /(\[tools?:\s*[^[\]\n]{1,400}\])/gi;

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

/** Element that stands for a reference, its text in `reference`; whether it leads anywhere is for its component to tell. */
export const REFERENCE_ELEMENT = 'evidence-ref';

/**
 * A rehype plugin that turns `[tool: id]` in running text into `<evidence-ref reference=…>`. It knows nothing of the calls
 * there are: the renderer keeps processors by the name of their plugins, so what a plugin remembers is what it first saw.
 */
export function rehypeReferences() {
  const visit = (node: Node): void => {
    if (!node.children || verbatim.has(node.tagName ?? '')) return;
    node.children = node.children.flatMap((child) => {
      visit(child);
      if (child.type !== 'text' || !child.value) return [child];
      return child.value.split(REFERENCE).flatMap((part, index): Node[] => {
        // Every second part is a match.
        if (index % 2 === 1)
          return [
            { type: 'element', tagName: REFERENCE_ELEMENT, properties: { reference: part }, children: [] },
          ];
        return part === '' ? [] : [{ type: 'text', value: part }];
      });
    });
  };
  return (tree: Node) => visit(tree);
}
