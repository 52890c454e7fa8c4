import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createGoogleVertex } from '@ai-sdk/google-vertex';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { createXai } from '@ai-sdk/xai';
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
 * The SDK's model of a configured provider. Creating it contacts nobody.
 * @throws LlmError `credentials` when the provider needs a key and has none
 */
export async function createModel(provider: NamedLlmProvider, env: LlmEnv): Promise<LanguageModelV4> {
  const settings = {
    headers: provider.headers,
    ...(provider.baseUrl === undefined ? {} : { baseURL: provider.baseUrl }),
  };
  switch (provider.type) {
    case 'openai':
      return createOpenAI({ ...settings, apiKey: requireApiKey(provider, env) }).languageModel(
        provider.model,
      );
    case 'anthropic':
      return createAnthropic({ ...settings, apiKey: requireApiKey(provider, env) }).languageModel(
        provider.model,
      );
    case 'google':
      return createGoogle({ ...settings, apiKey: requireApiKey(provider, env) }).languageModel(
        provider.model,
      );
    case 'xai':
      return createXai({ ...settings, apiKey: requireApiKey(provider, env) }).languageModel(provider.model);
    case 'vertex':
      return createVertexModel(provider, env, settings);
    case 'openai-compatible':
      return createCompatibleModel(provider, env);
    case 'offline':
      return createOfflineModelLazily();
  }
}

function requireApiKey(provider: NamedLlmProvider, env: LlmEnv): string {
  const key = resolveApiKey(provider, env);
  if (key !== undefined) return key;
  const variable = apiKeyVariables[provider.type][0] ?? 'apiKey';
  throw new LlmError('credentials', `provider "${provider.name}" has no key: set apiKey or ${variable}`);
}

/** With a key: Vertex in express mode. Without: the project's application default credentials. */
function createVertexModel(
  provider: NamedLlmProvider,
  env: LlmEnv,
  settings: { headers: Record<string, string>; baseURL?: string },
): LanguageModelV4 {
  const apiKey = resolveApiKey(provider, env);
  if (apiKey !== undefined) return createGoogleVertex({ ...settings, apiKey }).languageModel(provider.model);
  const project = provider.project ?? env.GOOGLE_VERTEX_PROJECT;
  const location = provider.location ?? env.GOOGLE_VERTEX_LOCATION;
  if (project === undefined || location === undefined) {
    throw new LlmError(
      'credentials',
      `provider "${provider.name}" needs an apiKey, or project and location with application default credentials`,
    );
  }
  return createGoogleVertex({ ...settings, project, location }).languageModel(provider.model);
}

function createCompatibleModel(provider: NamedLlmProvider, env: LlmEnv): LanguageModelV4 {
  if (provider.baseUrl === undefined) {
    throw new LlmError(
      'invalid_request',
      `provider "${provider.name}" of type openai-compatible needs a baseUrl`,
    );
  }
  const apiKey = resolveApiKey(provider, env);
  return createOpenAICompatible({
    // Also the namespace of provider metadata in stored messages: the same for every compatible server.
    name: 'compatible',
    baseURL: provider.baseUrl,
    headers: provider.headers,
    includeUsage: true,
    ...(apiKey === undefined ? {} : { apiKey }),
  }).languageModel(provider.model);
}

/** Loaded on first use: most processes never need the rule-based analyst. */
async function createOfflineModelLazily(): Promise<LanguageModelV4> {
  const { createOfflineModel } = await import('./offline/index.ts');
  return createOfflineModel();
}
