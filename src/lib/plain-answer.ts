/** An answer without its references to tool calls (`[tool: id]`), which lead nowhere outside of it. */
export const withoutReferences = (text: string): string =>
  text.replaceAll(/\s*\[tools?:[^\]\n]{1,400}\]/gi, '');

/** Of Markdown what reads badly in a line of plain text. An underscore may belong to a name. */
export const withoutMarkup = (text: string): string => text.replaceAll(/^#+ |[*`]+/gm, '');
