import { createHash } from 'node:crypto';
import { type JSONSchema7, jsonSchema, type ModelMessage, type ToolSet, tool } from 'ai';
import { isNativePart } from './native-history.ts';
import { WIRE_TOOL_NAME_MAX_CHARS } from './tunables.ts';
import type { ToolSpec } from './types.ts';

const ALLOWED_NAME = /^[a-zA-Z0-9_-]+$/;
const HASH_CHARS = 8;

/**
 * The name under which a tool goes to a provider: unchanged when every provider takes it, otherwise with the other
 * characters replaced and a hash appended, so that it stays unique and the same in every request.
 */
export function toWireToolName(name: string): string {
  if (ALLOWED_NAME.test(name) && name.length <= WIRE_TOOL_NAME_MAX_CHARS) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_CHARS);
  const readable = name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, WIRE_TOOL_NAME_MAX_CHARS - HASH_CHARS - 1);
  return `${readable}_${hash}`;
}

/** Tools for the SDK, without `execute`: it hands the calls back instead of running them. */
export function prepareTools(specs: readonly ToolSpec[]): {
  tools: ToolSet | undefined;
  restoreName: (wireName: string) => string;
} {
  const names = new Map(specs.map((spec) => [toWireToolName(spec.name), spec.name]));
  const entries = specs.map(
    (spec) =>
      [
        toWireToolName(spec.name),
        tool({
          description: spec.description,
          inputSchema: jsonSchema(normalizeInputSchema(spec.inputSchema)),
        }),
      ] as const,
  );
  return {
    tools: entries.length === 0 ? undefined : Object.fromEntries(entries),
    restoreName: (wireName) => names.get(wireName) ?? wireName,
  };
}

/** Providers want an object schema with `properties`; MCP servers leave them out for tools without parameters. */
export function normalizeInputSchema(schema: JSONSchema7): JSONSchema7 {
  const { $schema: _dialect, ...rest } = schema;
  return { ...rest, type: 'object', properties: rest.properties ?? {} };
}

/** The conversation with the tools' names as they go over the wire. */
export function toWireMessages(messages: readonly ModelMessage[]): ModelMessage[] {
  return messages.map((message) => {
    if (message.role === 'assistant' && typeof message.content !== 'string') {
      return {
        ...message,
        content: message.content.map((part) =>
          (part.type === 'tool-call' || part.type === 'tool-result') && !isNativePart(part)
            ? { ...part, toolName: toWireToolName(part.toolName) }
            : part,
        ),
      };
    }
    if (message.role === 'tool') {
      return {
        ...message,
        content: message.content.map((part) =>
          part.type === 'tool-result' ? { ...part, toolName: toWireToolName(part.toolName) } : part,
        ),
      };
    }
    return message;
  });
}
