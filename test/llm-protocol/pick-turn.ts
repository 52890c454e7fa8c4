import type { WireConversation } from './conversation.ts';
import type { RequestCondition, ScriptFile, Turn } from './script.ts';

/** What a script sees of a request. */
export type ScriptRequest = {
  /** Position among all requests of the server, from 0. */
  index: number;
  conversation: WireConversation;
  /** Number of assistant messages in the conversation: which turn of its own run this is, from 0. */
  assistantTurns: number;
  /** Text of the last message: the user's words or the tool results. */
  lastText: string;
};

export type TurnPicker = (request: ScriptRequest) => Turn | undefined | Promise<Turn | undefined>;

export function describeRequest(index: number, conversation: WireConversation): ScriptRequest {
  const last = conversation.messages.at(-1);
  return {
    index,
    conversation,
    assistantTurns: conversation.messages.filter((message) => message.role === 'assistant').length,
    lastText: last === undefined ? '' : messageText(last),
  };
}

function messageText(message: WireConversation['messages'][number]): string {
  return [message.text, ...message.toolResults.map((result) => result.text)].join('\n');
}

/** The names of the tools that have answered in this conversation; ids link a result to its call. */
export function listResultNames(conversation: WireConversation): string[] {
  const names = new Map(
    conversation.messages
      .flatMap((message) => message.toolCalls)
      .map((call) => [call.id, call.name] as const),
  );
  return conversation.messages
    .flatMap((message) => message.toolResults)
    .map((result) => result.name ?? names.get(result.id) ?? '');
}

export function matchesCondition(condition: RequestCondition, request: ScriptRequest): boolean {
  const { conversation } = request;
  const all = conversation.messages.map(messageText).join('\n');
  const checks: boolean[] = [
    condition.model === undefined || conversation.model === condition.model,
    condition.systemContains === undefined || conversation.system.includes(condition.systemContains),
    condition.contains === undefined || all.includes(condition.contains),
    condition.notContains === undefined || !all.includes(condition.notContains),
    condition.lastContains === undefined || request.lastText.includes(condition.lastContains),
    condition.assistantTurns === undefined || request.assistantTurns === condition.assistantTurns,
    condition.hasTools === undefined || conversation.tools.length > 0 === condition.hasTools,
    condition.offersTool === undefined ||
      conversation.tools.some((tool) => tool.name === condition.offersTool),
    condition.hasResultOf === undefined || listResultNames(conversation).includes(condition.hasResultOf),
  ];
  return checks.every(Boolean);
}

/** Makes the picker of a script file; it counts what is used up, so one picker serves one server. */
export function createScriptPicker(script: ScriptFile): TurnPicker {
  const uses = new Map<number, number>();
  let next = 0;
  return (request) => {
    for (const [index, rule] of (script.rules ?? []).entries()) {
      const used = uses.get(index) ?? 0;
      if (rule.times !== undefined && used >= rule.times) continue;
      if (!matchesCondition(rule.when, request)) continue;
      uses.set(index, used + 1);
      return rule.turn;
    }
    const turn = script.turns?.[next];
    if (turn !== undefined) {
      next += 1;
      return turn;
    }
    return script.fallback;
  };
}
