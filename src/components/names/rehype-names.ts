import { listPlaceholders } from '#src/lib/identifier-placeholders.ts';

/** The part of a hast node that is needed here. */
type Node = {
  type: string;
  value?: string;
  tagName?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
};

/** Element that stands for a placeholder; rendered by `Name`. */
export const NAME_ELEMENT = 'hidden-name';

/** Private characters of Unicode: they mean nothing to Markdown. */
const OPEN = '\ue000';
const CLOSE = '\ue001';
const SHIELDED = /\ue000([A-Z0-9_]+_[0-9a-z]{8})\ue001/;
/** The same in an address, where the parser has encoded it. */
const ENCODED = /(?:\ue000|%EE%80%80)([A-Z0-9_]+_[0-9a-z]{8})(?:\ue001|%EE%80%81)/g;

/**
 * Placeholders as Markdown must not see them: in brackets they would be links or, with a colon behind, definitions that
 * vanish from the page.
 */
export function shieldPlaceholders(text: string): string {
  let shielded = text;
  for (const placeholder of new Set(listPlaceholders(text)))
    shielded = shielded.replaceAll(placeholder, `${OPEN}${placeholder.slice(1, -1)}${CLOSE}`);
  return shielded;
}

/**
 * A rehype plugin that turns shielded placeholders, in code too, into `<hidden-name placeholder=…>`. Names are put in when
 * this is rendered: they never pass the parser, so nothing in one can become markup or a link.
 */
export function rehypeNames() {
  return (tree: Node) => visit(tree);
}

function visit(node: Node): void {
  for (const [name, value] of Object.entries(node.properties ?? {}))
    if (node.properties && typeof value === 'string') node.properties[name] = value.replace(ENCODED, '[$1]');
  node.children = node.children?.flatMap((child) => {
    visit(child);
    if (child.type !== 'text' || !child.value?.includes(OPEN)) return [child];
    // Every second piece is what the brackets of the expression hold.
    return child.value.split(SHIELDED).map((piece, index): Node => {
      if (index % 2 === 0) return { type: 'text', value: piece };
      const placeholder = `[${piece}]`;
      return { type: 'element', tagName: NAME_ELEMENT, properties: { placeholder }, children: [] };
    });
  });
}
