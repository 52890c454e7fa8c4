import type { IncomingHttpHeaders } from 'node:http';
import { anthropicWire } from './anthropic-wire.ts';
import type { WireConversation } from './conversation.ts';
import { createGates, type GateKeeper } from './gates.ts';
import { googleWire, vertexWire } from './google-wire.ts';
import { openaiChatWire } from './openai-chat-wire.ts';
import { openaiResponsesWire } from './openai-responses-wire.ts';
import { createScriptPicker, type TurnPicker } from './pick-turn.ts';
import type { ScriptFile, Turn } from './script.ts';
import type { ProtocolKind, WireProtocol } from './wire.ts';

/** A list of turns in order, a script with rules, or a function that decides by the request. */
export type Script = Turn[] | ScriptFile | TurnPicker;

export type RecordedRequest = {
  index: number;
  path: string;
  headers: IncomingHttpHeaders;
  /** The parsed JSON body as the provider would have received it. */
  body: unknown;
  conversation: WireConversation;
  receivedAtMs: number;
  /** When the whole answer was handed to the connection, on the same clock. */
  answeredAtMs?: number;
  /** How it ended: `answered` means the response was sent to its scripted end. */
  outcome: 'open' | 'answered' | 'client_left' | 'rejected';
  /** Why the server refused the request as a real provider would, when it did. */
  rejection?: string;
};

export type ProtocolServerOptions = {
  kind: ProtocolKind;
  script: Script;
  /** 0 (default) takes a free port. */
  port?: number;
  /** When set, requests with another key are answered 401. */
  apiKey?: string;
  /** Serves `/control` (see main.ts) beside the provider's path. Default false. */
  control?: boolean;
};

/** What one running server knows. */
export type ServerState = {
  options: ProtocolServerOptions;
  protocol: WireProtocol;
  requests: RecordedRequest[];
  gates: GateKeeper;
  /** Aborts when the server closes. */
  stop: AbortController;
  pickTurn: TurnPicker;
  openRequests: number;
  maxOpenRequests: number;
};

export function createServerState(options: ProtocolServerOptions): ServerState {
  return {
    options,
    protocol: protocolOf(options.kind),
    requests: [],
    gates: createGates(),
    stop: new AbortController(),
    pickTurn: toPicker(options.script),
    openRequests: 0,
    maxOpenRequests: 0,
  };
}

export function toPicker(script: Script): TurnPicker {
  if (typeof script === 'function') return script;
  return createScriptPicker(Array.isArray(script) ? { turns: script } : script);
}

/** The protocols that the installed SDK speaks by default. */
function protocolOf(kind: ProtocolKind): WireProtocol {
  switch (kind) {
    case 'openai':
    case 'xai':
      return openaiResponsesWire;
    case 'openai-compatible':
      return openaiChatWire;
    case 'anthropic':
      return anthropicWire;
    case 'google':
      return googleWire;
    case 'vertex':
      return vertexWire;
  }
}
