export { callModel } from './call-model.ts';
export { estimateCostUsd } from './cost.ts';
export {
  type CallOutcome,
  decideFallback,
  type FallbackDecision,
  type FallbackReason,
} from './decide-fallback.ts';
export { embedTexts } from './embed-texts.ts';
export { LlmError, type LlmErrorCode } from './llm-error.ts';
export type { NativeEvent } from './native-event.ts';
export { splitNativeTools } from './native-tools.ts';
export {
  contextBudget,
  estimateMessagesTokens,
  estimateMessageTokens,
  estimateTokens,
  estimateToolsTokens,
} from './tokens.ts';
export {
  hasImages,
  type ImageReference,
  imagePart,
  NOT_SENT,
  placeImages,
  sentImages,
  takesImages,
  withoutImages,
} from './tool-images.ts';
export type {
  CallModelOptions,
  LlmChunk,
  LlmEnv,
  LlmRequestInfo,
  LlmResult,
  LlmSource,
  LlmTimeouts,
  LlmToolCall,
  LlmUsage,
  NamedLlmProvider,
  RetryPolicy,
  ToolSpec,
} from './types.ts';
