import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Message,
  LanguageModelV4ToolResultOutput,
} from '@ai-sdk/provider';
import { isRecord } from './json-access.ts';
import { MAX_ALERT_CHARS } from './tunables.ts';

const TASKS = [
  'investigation',
  'check',
  'action',
  'synthesis',
  'executive_summary',
  'forced_conclusion',
  'compaction',
  'chat',
] as const;

type Task = (typeof TASKS)[number];

/** One tool call of the conversation together with its result. */
export interface Exchange {
  id: string;
  toolName: string;
  args: Record<string, unknown>;
  /** Text of the result; null while it is missing. */
  output: string | null;
  failed: boolean;
}

export interface Conversation {
  task: Task;
  system: string;
  /** What the first message asks for; a later one may only ask for the end of it. */
  openingTask: Task;
  /** The first user message without its task line. */
  opening: string;
  /** The text of the alert, without instructions and runbook where they are delimited. */
  alert: string;
  /** The last user message without its task line. */
  lastUser: string;
  exchanges: Exchange[];
  /** Assistant messages that carried tool calls. */
  toolTurns: number;
  /** Texts the assistant wrote, oldest first. */
  answers: string[];
  /** User messages after the first one (summaries of a compacted conversation, nudges, questions). */
  laterUser: string[];
}

/** Reads the prompt of a call. Never throws: parts of unknown type are skipped. */
export function readConversation(options: Pick<LanguageModelV4CallOptions, 'prompt'>): Conversation {
  const system = options.prompt
    .flatMap((message) => (message.role === 'system' ? [message.content] : []))
    .join('\n\n');
  const users = options.prompt.flatMap((message) => (message.role === 'user' ? [textOf(message)] : []));
  const answers = options.prompt
    .flatMap((message) => (message.role === 'assistant' ? [textOf(message)] : []))
    .filter((text) => text.trim() !== '');
  const lastUser = users.at(-1) ?? '';
  return {
    task: taskOf(lastUser) ?? taskOf(system) ?? 'investigation',
    openingTask: taskOf(users[0] ?? '') ?? 'investigation',
    opening: withoutTaskLine(users[0] ?? ''),
    system,
    alert: alertIn(users[0] ?? ''),
    lastUser: withoutTaskLine(lastUser),
    exchanges: readExchanges(options.prompt),
    toolTurns: options.prompt.filter(
      (message) => message.role === 'assistant' && message.content.some((part) => part.type === 'tool-call'),
    ).length,
    answers,
    laterUser: users.slice(1),
  };
}

/** The task named in the first line (`TARS-TASK: chat`), or null. */
function taskOf(text: string): Task | null {
  const first = text.trimStart().split('\n', 1)[0] ?? '';
  const named = first.match(/^TARS-TASK:\s*([a-z_]+)\s*$/)?.[1];
  return TASKS.find((task) => task === named) ?? null;
}

function withoutTaskLine(text: string): string {
  return text.trimStart().replace(/^TARS-TASK:[^\n]*\n?/, '');
}

/** The delimited alert of a message, or the whole message without a delimited runbook. */
function alertIn(message: string): string {
  const text = withoutTaskLine(message).slice(0, MAX_ALERT_CHARS);
  const tagged = text.match(/<((?:untrusted[-_])?alert[\w-]*)\b[^>]*>([\s\S]*?)<\/\1>/i);
  if (tagged?.[2] !== undefined && tagged[2].trim() !== '') return tagged[2];
  const ruled = text.match(/^[^\w\n]*(?:BEGIN|START)[^\n]*ALERT[^\n]*\n([\s\S]*?)^[^\w\n]*END[^\n]*ALERT/im);
  if (ruled?.[1] !== undefined) return ruled[1];
  return text
    .replace(/<((?:untrusted[-_])?runbook[\w-]*)\b[^>]*>[\s\S]*?<\/\1>/gi, '')
    .replace(/^[^\w\n]*(?:BEGIN|START)[^\n]*RUNBOOK[^\n]*\n[\s\S]*?^[^\w\n]*END[^\n]*RUNBOOK[^\n]*$/gim, '');
}

function textOf(message: LanguageModelV4Message): string {
  if (message.role === 'system') return message.content;
  if (message.role === 'tool') return '';
  return message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

function readExchanges(prompt: LanguageModelV4CallOptions['prompt']): Exchange[] {
  const exchanges = new Map<string, Exchange>();
  for (const message of prompt) {
    if (message.role !== 'assistant' && message.role !== 'tool') continue;
    for (const part of message.content) {
      if (part.type === 'tool-call') {
        const { toolCallId: id, toolName } = part;
        exchanges.set(id, { id, toolName, args: readArgs(part.input), output: null, failed: false });
      } else if (part.type === 'tool-result') {
        const exchange = exchanges.get(part.toolCallId);
        if (exchange) Object.assign(exchange, withoutReference(readOutput(part.output), part.toolCallId));
      }
    }
  }
  return [...exchanges.values()];
}

function readArgs(input: unknown): Record<string, unknown> {
  if (isRecord(input)) return input;
  if (typeof input !== 'string') return {};
  try {
    const parsed: unknown = JSON.parse(input);
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function readOutput(output: LanguageModelV4ToolResultOutput): { output: string; failed: boolean } {
  switch (output.type) {
    case 'text':
      return { output: output.value, failed: false };
    case 'json':
      return { output: textOfJson(output.value), failed: false };
    case 'error-text':
      return { output: output.value, failed: true };
    case 'error-json':
      return { output: textOfJson(output.value), failed: true };
    case 'execution-denied':
      return { output: output.reason ?? 'The call was not allowed.', failed: true };
    case 'content':
      return {
        output: output.value.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n'),
        failed: false,
      };
  }
}

/** A result may end with a line that names its own id (`[tool: …]`), which is not part of what the tool said. */
function withoutReference(
  read: { output: string; failed: boolean },
  id: string,
): { output: string; failed: boolean } {
  const output = read.output.trimEnd();
  const line = `[tool: ${id}]`;
  return { ...read, output: output.endsWith(line) ? output.slice(0, -line.length).trimEnd() : read.output };
}

/** JSON results may be text, MCP content parts, or an object; objects are read as JSON later. */
function textOfJson(value: unknown): string {
  if (typeof value === 'string') return value;
  const parts = isRecord(value) && Array.isArray(value.content) ? value.content : value;
  if (
    Array.isArray(parts) &&
    parts.length > 0 &&
    parts.every((part) => isRecord(part) && typeof part.text === 'string')
  ) {
    return parts.map((part) => (isRecord(part) ? String(part.text) : '')).join('\n');
  }
  return JSON.stringify(value, null, 2) ?? '';
}
