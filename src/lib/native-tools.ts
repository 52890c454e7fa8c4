/** Tools that a model's provider runs itself, inside one answer. */
export const NATIVE_TOOLS = ['webSearch', 'urlContext', 'codeExecution'] as const;
export type NativeTool = (typeof NATIVE_TOOLS)[number];

/** Whether each is to be used. */
export type NativeToolChoice = Readonly<Record<NativeTool, boolean>>;
/** What one level of the configuration says: yes, no, or nothing. */
export type NativeToolWishes = { readonly [Tool in NativeTool]?: boolean | undefined };

/** As people call them. */
export const nativeToolTitles: Readonly<Record<NativeTool, string>> = {
  webSearch: 'web search',
  urlContext: 'reading web pages',
  codeExecution: 'code execution',
};

/** Tool by tool, what the strongest level says that says anything; off when none does. `levels` are weakest first. */
export function resolveNativeTools(
  levels: readonly (NativeToolWishes | null | undefined)[],
): NativeToolChoice {
  const wish = (tool: NativeTool) =>
    levels.map((level) => level?.[tool]).findLast((value) => value !== undefined) ?? false;
  return {
    webSearch: wish('webSearch'),
    urlContext: wish('urlContext'),
    codeExecution: wish('codeExecution'),
  };
}

/** `web search and code execution` */
export const listNativeTools = (tools: readonly NativeTool[]): string =>
  new Intl.ListFormat('en').format(tools.map((tool) => nativeToolTitles[tool]));
