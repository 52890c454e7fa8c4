import { jsonSchema, type ToolSet, tool } from 'ai';
import { NATIVE_TOOLS, type NativeTool, type NativeToolChoice } from '#src/lib/native-tools.ts';
import type { LlmProviderConfig, LlmProviderType } from '#src/server/config/schema.ts';
import { NATIVE_TOOL_MAX_USES } from './tunables.ts';

const offers: Record<LlmProviderType, readonly NativeTool[]> = {
  google: NATIVE_TOOLS,
  vertex: NATIVE_TOOLS,
  anthropic: NATIVE_TOOLS,
  openai: ['webSearch', 'codeExecution'],
  xai: ['webSearch', 'codeExecution'],
  'openai-compatible': [],
  offline: [],
};

/** Gemini before 3 takes either tools of its own or ours, and agents always have some of ours. */
const GEMINI_WITHOUT_BOTH = /gemini-(1|2)(\.|-|$)|gemini-pro$/;

/** Which of the wanted native tools a provider has. */
export function splitNativeTools(
  { type, model }: Pick<LlmProviderConfig, 'type' | 'model'>,
  wanted: NativeToolChoice,
): { usable: NativeTool[]; missing: NativeTool[] } {
  const isOldGemini = (type === 'google' || type === 'vertex') && GEMINI_WITHOUT_BOTH.test(model);
  const has = isOldGemini ? [] : offers[type];
  const asked = NATIVE_TOOLS.filter((tool) => wanted[tool]);
  return {
    usable: asked.filter((tool) => has.includes(tool)),
    missing: asked.filter((tool) => !has.includes(tool)),
  };
}

/**
 * The provider's own tools in the SDK's form, by the names that the provider gives them (its messages repeat these). Each
 * provider's package is loaded on first use.
 */
export async function createNativeTools(
  provider: Pick<LlmProviderConfig, 'type' | 'model'>,
  wanted: NativeToolChoice,
): Promise<ToolSet> {
  const { usable } = splitNativeTools(provider, wanted);
  if (usable.length === 0) return {};
  const all = await toolsOf(provider.type);
  return Object.assign({}, ...usable.map((tool) => all[tool] ?? {}));
}

async function toolsOf(type: LlmProviderType): Promise<Partial<Record<NativeTool, ToolSet>>> {
  switch (type) {
    case 'google':
    case 'vertex': {
      const { tools } = (await import('@ai-sdk/google')).google;
      return {
        webSearch: { google_search: tools.googleSearch({}) },
        urlContext: { url_context: tools.urlContext({}) },
        codeExecution: { code_execution: tools.codeExecution({}) },
      };
    }
    case 'anthropic': {
      const { tools } = (await import('@ai-sdk/anthropic')).anthropic;
      const maxUses = NATIVE_TOOL_MAX_USES;
      return {
        // The first versions: later ones run code to filter results, which nobody has asked for.
        webSearch: { web_search: tools.webSearch_20250305({ maxUses }) },
        urlContext: { web_fetch: tools.webFetch_20250910({ maxUses }) },
        codeExecution: { code_execution: tools.codeExecution_20250825() },
      };
    }
    case 'openai': {
      const { tools } = (await import('@ai-sdk/openai')).openai;
      return {
        webSearch: { web_search: tools.webSearch({}) },
        codeExecution: { code_interpreter: tools.codeInterpreter({}) },
      };
    }
    case 'xai':
      // By hand: its package brings an older copy of the SDK's types along.
      return {
        webSearch: { web_search: providerTool('xai.web_search') },
        codeExecution: { code_execution: providerTool('xai.code_execution') },
      };
    case 'openai-compatible':
    case 'offline':
      return {};
  }
}

const providerTool = (id: `${string}.${string}`): ToolSet[string] =>
  tool({
    type: 'provider',
    isProviderExecuted: true,
    id,
    args: {},
    inputSchema: jsonSchema<Record<string, never>>({ type: 'object' }),
    outputSchema: jsonSchema<Record<string, unknown>>({ type: 'object' }),
  });
