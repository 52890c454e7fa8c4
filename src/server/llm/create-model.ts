import type { LanguageModelV4, ProviderV4 } from '@ai-sdk/provider';
import type { LlmProviderConfig, LlmProviderType } from '#src/server/config/schema.ts';
import { LlmError } from './llm-error.ts';
import type { LlmEnv, NamedLlmProvider } from './types.ts';

/** Environment variables that hold a provider's key when its configuration does not, in order of preference. */
export const apiKeyVariables: Record<LlmProviderType, readonly string[]> = {
  openai: ['OPENAI_API_KEY'],
  anthropic: ['ANTHROPIC_API_KEY'],
  google: ['GOOGLE_GENERATIVE_AI_API_KEY', 'GEMINI_API_KEY'],
  vertex: ['GOOGLE_VERTEX_API_KEY'],
  xai: ['XAI_API_KEY'],
  'openai-compatible': [],
  offline: [],
};

/** The key of a provider: its configuration, else the usual environment variable. */
export function resolveApiKey(provider: LlmProviderConfig, env: LlmEnv): string | undefined {
  if (provider.apiKey !== undefined && provider.apiKey !== '') return provider.apiKey;
  for (const name of apiKeyVariables[provider.type]) {
    const value = env[name];
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}

/** Everything about a provider that must not appear in an error text. */
export function listSecrets(provider: LlmProviderConfig, env: LlmEnv): string[] {
  const key = resolveApiKey(provider, env);
  return [...(key === undefined ? [] : [key]), ...Object.values(provider.headers)];
}

/**
 * The SDK's model of a configured provider. Creating it contacts nobody. Each provider's package is loaded on first
 * use: a process that only counts tokens, or uses one provider, does not pay for all of them.
 *
 * @throws LlmError `credentials` when the provider needs a key and has none
 */
export async function createModel(provider: NamedLlmProvider, env: LlmEnv): Promise<LanguageModelV4> {
  if (provider.type === 'offline') {
    const { createOfflineModel } = await import('./offline/index.ts');
    return createOfflineModel(provider.pace === undefined ? {} : { paceMs: provider.pace });
  }
  return (await openProvider({ ...provider, type: provider.type }, env)).languageModel(provider.model);
}

type RemoteProvider = NamedLlmProvider & { type: Exclude<LlmProviderType, 'offline'> };
type OpenProvider = Pick<ProviderV4, 'languageModel' | 'embeddingModel'>;

/** The SDK's provider with the configured address and key. Throws like `createModel`. */
export async function openProvider(provider: RemoteProvider, env: LlmEnv): Promise<OpenProvider> {
  switch (provider.type) {
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai');
      return createOpenAI(keyedSettings(provider, env));
    }
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic(keyedSettings(provider, env));
    }
    case 'google': {
      const { createGoogle } = await import('@ai-sdk/google');
      return createGoogle(keyedSettings(provider, env));
    }
    case 'xai': {
      const { createXai } = await import('@ai-sdk/xai');
      return createXai(keyedSettings(provider, env));
    }
    case 'vertex':
      return openVertex(provider, env);
    case 'openai-compatible':
      return openCompatible(provider, env);
  }
}

type ProviderSettings = { headers: Record<string, string>; baseURL?: string };

function commonSettings(provider: NamedLlmProvider): ProviderSettings {
  return {
    headers: provider.headers,
    ...(provider.baseUrl === undefined ? {} : { baseURL: provider.baseUrl }),
  };
}

function keyedSettings(provider: NamedLlmProvider, env: LlmEnv): ProviderSettings & { apiKey: string } {
  return { ...commonSettings(provider), apiKey: requireApiKey(provider, env) };
}

function requireApiKey(provider: NamedLlmProvider, env: LlmEnv): string {
  const key = resolveApiKey(provider, env);
  if (key !== undefined) return key;
  const variable = apiKeyVariables[provider.type][0] ?? 'apiKey';
  throw new LlmError('credentials', `provider "${provider.name}" has no key: set apiKey or ${variable}`);
}

/** With a key: Vertex in express mode. Without: the project's application default credentials. */
async function openVertex(provider: NamedLlmProvider, env: LlmEnv): Promise<OpenProvider> {
  const { createGoogleVertex } = await import('@ai-sdk/google-vertex');
  const settings = commonSettings(provider);
  const apiKey = resolveApiKey(provider, env);
  if (apiKey !== undefined) return createGoogleVertex({ ...settings, apiKey });
  const project = provider.project ?? env.GOOGLE_VERTEX_PROJECT;
  const location = provider.location ?? env.GOOGLE_VERTEX_LOCATION;
  if (project === undefined || location === undefined) {
    throw new LlmError(
      'credentials',
      `provider "${provider.name}" needs an apiKey, or project and location with application default credentials`,
    );
  }
  return createGoogleVertex({ ...settings, project, location });
}

async function openCompatible(provider: NamedLlmProvider, env: LlmEnv): Promise<OpenProvider> {
  if (provider.baseUrl === undefined) {
    throw new LlmError(
      'invalid_request',
      `provider "${provider.name}" of type openai-compatible needs a baseUrl`,
    );
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const apiKey = resolveApiKey(provider, env);
  return createOpenAICompatible({
    // Also the namespace of provider metadata in stored messages: the same for every compatible server.
    name: 'compatible',
    baseURL: provider.baseUrl,
    headers: provider.headers,
    includeUsage: true,
    ...(apiKey === undefined ? {} : { apiKey }),
  });
}
