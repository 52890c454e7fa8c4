import { embedMany } from 'ai';
import { classifyLlmError } from './classify-llm-error.ts';
import { listSecrets, openProvider } from './create-model.ts';
import { LlmError } from './llm-error.ts';
import { EMBEDDING_RETRIES, EMBEDDING_TIMEOUT_MS } from './tunables.ts';
import type { LlmEnv, NamedLlmProvider } from './types.ts';

/**
 * Vectors of texts, in their order. Bounded in time, repeated on failures that a repeat can mend.
 *
 * @throws LlmError
 */
export async function embedTexts(options: {
  provider: NamedLlmProvider;
  /** Name of the embedding model; the provider's own `model` writes text. */
  model: string;
  dimensions?: number | undefined;
  texts: readonly string[];
  env?: LlmEnv;
  signal?: AbortSignal;
}): Promise<number[][]> {
  const { provider, model, dimensions, texts, env = {}, signal } = options;
  const { type } = provider;
  if (texts.length === 0) return [];
  if (type === 'offline') throw new LlmError('invalid_request', 'the offline analyst has no embeddings');
  const timeout = AbortSignal.timeout(EMBEDDING_TIMEOUT_MS);
  const abortSignal = signal ? AbortSignal.any([signal, timeout]) : timeout;
  try {
    const { embeddings } = await embedMany({
      model: (await openProvider({ ...provider, type }, env)).embeddingModel(model),
      values: [...texts],
      maxRetries: EMBEDDING_RETRIES,
      abortSignal,
      ...(dimensions === undefined ? {} : { dimensions }),
    });
    return embeddings;
  } catch (error) {
    signal?.throwIfAborted();
    throw classifyLlmError(error, { hasOutput: false, secrets: listSecrets(provider, env) });
  }
}
