import type { AssistantModelMessage, ModelMessage } from 'ai';
import type { PlannedCall } from './agent-step.ts';
import { maskNativePart } from './mask-native.ts';
import type { RunMask } from './run-mask.ts';

type Part = Exclude<AssistantModelMessage['content'], string>[number];

/**
 * A model's answer as it goes into the conversation, which is stored and sent with every later request: texts and
 * arguments masked, calls that nobody will answer left out.
 */
export function maskAnswer(
  messages: readonly ModelMessage[],
  calls: readonly PlannedCall[],
  mask: RunMask,
): ModelMessage[] {
  const planned = new Map(calls.map((call) => [call.callId, call]));
  return messages.map((message): ModelMessage => {
    if (message.role !== 'assistant') return message;
    if (typeof message.content === 'string') return { ...message, content: mask.text(message.content) };
    return { ...message, content: message.content.flatMap((part) => maskPart(part, planned, mask)) };
  });
}

function maskPart(part: Part, planned: ReadonlyMap<string, PlannedCall>, mask: RunMask): Part[] {
  switch (part.type) {
    case 'text':
      return [{ ...part, text: mask.text(part.text) }];
    case 'reasoning': {
      const text = mask.text(part.text);
      if (text === part.text) return [part];
      // Anthropic signs the exact text and refuses any other; without it the turn goes on without thinking.
      return part.providerOptions?.anthropic === undefined ? [{ ...part, text }] : [];
    }
    case 'tool-result':
      return [maskNativePart(part, mask)];
    case 'tool-call': {
      if (part.providerExecuted === true) return [maskNativePart(part, mask)];
      const call = planned.get(part.toolCallId);
      return call ? [{ ...part, toolName: call.wireName, input: call.maskedArguments }] : [];
    }
    default:
      return [part];
  }
}
