import type { IncomingHttpHeaders } from 'node:http';
import type { WireConversation } from './conversation.ts';
import type { FinishReason, TurnStep } from './script.ts';

export type ProtocolKind = 'openai' | 'openai-compatible' | 'anthropic' | 'google' | 'vertex' | 'xai';

export type ResolvedUsage = {
  inputTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  cachedInputTokens: number;
};

export type NativeStep = Extract<TurnStep, { type: 'native_search' | 'native_page' | 'native_code' }>;
export type ContentStep = Extract<TurnStep, { type: 'thinking' | 'text' | 'tool_call' }> | NativeStep;

/**
 * Writes one response in a provider's streaming protocol. Each method returns complete server-sent-event frames; the
 * encoder keeps what the protocol needs over the response (item indexes, sequence numbers, ids).
 */
export type ResponseEncoder = {
  open(): string[];
  content(step: ContentStep, chunkSize: number): string[];
  finish(reason: FinishReason, usage: ResolvedUsage): string[];
  error(error: { message: string; code: string | undefined; status: number }): string[];
};

export type WireProtocol = {
  /** Path below the server's origin that a `baseUrl` of the configuration ends with. */
  basePath: string;
  /** Whether this is the path of a streaming call. */
  matches(path: string): boolean;
  /** The key that the request carries, in whichever place the provider wants it. */
  readApiKey(headers: IncomingHttpHeaders): string;
  readConversation(body: unknown, path: string): WireConversation;
  /** A protocol rule of this provider that the request breaks, or undefined. */
  findRequestError(body: unknown): string | undefined;
  createEncoder(options: { model: string; responseId: string; body: unknown }): ResponseEncoder;
  errorBody(error: { message: string; code: string | undefined; status: number }): string;
};

export function sseFrame(data: unknown, event?: string): string {
  const payload = typeof data === 'string' ? data : JSON.stringify(data);
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${payload}\n\n`;
}

/** Cuts a text into deltas of at most `size` UTF-16 units; an empty text has none. */
export function splitText(text: string, size: number): string[] {
  const deltas: string[] = [];
  for (let start = 0; start < text.length; start += size) deltas.push(text.slice(start, start + size));
  return deltas;
}

/** The exact characters that go over the wire as the arguments of a call. */
export function argumentText(value: Record<string, unknown> | string | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? {});
}

export function bearerToken(headers: IncomingHttpHeaders): string {
  return (headers.authorization ?? '').replace(/^Bearer /, '');
}

export function headerText(value: string | string[] | undefined): string {
  return Array.isArray(value) ? (value[0] ?? '') : (value ?? '');
}
