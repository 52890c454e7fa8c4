import type { Logger } from '../logger.ts';
import type { ImageType } from './read-image.ts';

/** A JSON Schema object as a server sent it, bounded and with its texts masked. */
export type JsonSchema = { type: 'object'; [key: string]: unknown };

/** The hints of the protocol. They are the server's own claims. */
export type ToolAnnotations = {
  title?: string;
  readOnlyHint?: boolean;
  destructiveHint?: boolean;
  idempotentHint?: boolean;
  openWorldHint?: boolean;
};

/** A tool as the server lists it, before it has a name on the model's wire. */
export type ListedTool = {
  server: string;
  /** The server's own name of the tool. */
  name: string;
  description: string;
  inputSchema: JsonSchema;
  /** `readOnlyHint` is true. Absent hints mean no. */
  readOnly: boolean;
  /** Not read-only, and the server does not deny being destructive (the protocol's default is yes). */
  destructive: boolean;
  annotations: ToolAnnotations;
};

/** A tool that may be offered to a model. `wireName` is `server__tool`, at most 64 of `[a-zA-Z0-9_-]`, unique. */
export type McpTool = ListedTool & { wireName: string };

/** What went wrong, as far as it matters for what to do next. */
export type McpErrorKind =
  | 'connection'
  | 'timeout'
  | 'protocol'
  | 'tool'
  | 'auth'
  | 'needs_sign_in'
  | 'cancelled'
  | 'too_large';

/** An image of a result, checked by its bytes. Nothing in it is masked. */
export type ResultImage = {
  /** From 1, as the text of the result names it. */
  position: number;
  mediaType: ImageType;
  width: number;
  height: number;
  content: Buffer;
  /** Whether models are to see it, too. */
  forModels: boolean;
};

export type ToolCallOutcome = {
  status: 'completed' | 'failed' | 'timed_out' | 'cancelled';
  /** Masked. Content that is not text is described in words. On failure: what happened, for model and person. */
  text: string;
  images?: readonly ResultImage[];
  /** The server executed the call and reported an error, as opposed to a failure on the way. */
  isToolError: boolean;
  durationMs: number;
  errorCode?: McpErrorKind | 'unknown_tool' | 'changed' | 'unavailable' | 'masking_failed';
};

export type ToolProgress = { progress: number; total?: number; message: string };

/** Removes secrets from a text. May throw; then the text is withheld. */
export interface Masker {
  text(s: string): string;
  /** Whether a stream has to wait for the end of this unfinished line. */
  holdsLine?(line: string): boolean;
}

export type McpLogger = Pick<Logger, 'debug' | 'info' | 'warn'>;
