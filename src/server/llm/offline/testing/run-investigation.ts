import type {
  LanguageModelV4,
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
  LanguageModelV4ToolCall,
} from '@ai-sdk/provider';
import { isRecord } from '../json-access.ts';

export interface Run {
  text: string;
  calls: { id: string; name: string; args: Record<string, unknown> }[];
  results: Map<string, string>;
  turns: number;
  prompt: LanguageModelV4Message[];
}

export type CallTool = (
  name: string,
  args: Record<string, unknown>,
) => Promise<{ text: string; failed: boolean }> | { text: string; failed: boolean };

/** Turns after which a test gives up; the analyst's own limit is below it. */
const MAX_TEST_TURNS = 25;

/** Drives a model through the tool loop of an investigation until it answers with text. */
export function runInvestigation(
  model: LanguageModelV4,
  tools: LanguageModelV4FunctionTool[],
  alert: string,
  callTool: CallTool,
  task: 'investigation' | 'check' = 'investigation',
): Promise<Run> {
  const user = `TARS-TASK: ${task}\nInvestigate the alert.\n<<<BEGIN DATA: alert>>>\n${alert}\n<<<END DATA: alert>>>\n\nThere is no runbook for this alert.\n\nInvestigate this alert: what is the root cause?`;
  return runConversation(model, tools, { system: 'You are an investigator.', user }, callTool);
}

/** Drives a model from a system prompt and a first message through the tool loop until it answers without calls. */
export async function runConversation(
  model: LanguageModelV4,
  tools: LanguageModelV4FunctionTool[],
  { system, user }: { system: string; user: string },
  callTool: CallTool,
): Promise<Run> {
  const prompt: LanguageModelV4Message[] = [
    { role: 'system', content: system },
    { role: 'user', content: [{ type: 'text', text: user }] },
  ];
  const run: Run = { text: '', calls: [], results: new Map(), turns: 0, prompt };
  for (; run.turns < MAX_TEST_TURNS; run.turns += 1) {
    const { content } = await model.doGenerate({ prompt, tools });
    const calls = content.filter((part): part is LanguageModelV4ToolCall => part.type === 'tool-call');
    if (calls.length === 0) {
      run.text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
      return run;
    }
    const read = calls.map((call) => ({ id: call.toolCallId, name: call.toolName, args: parse(call.input) }));
    run.calls.push(...read);
    prompt.push({
      role: 'assistant',
      content: read.map((call) => ({
        type: 'tool-call',
        toolCallId: call.id,
        toolName: call.name,
        input: call.args,
      })),
    });
    for (const call of read) {
      const { text, failed } = await callTool(call.name, call.args);
      run.results.set(call.id, text);
      prompt.push({
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: call.id,
            toolName: call.name,
            output: { type: failed ? 'error-text' : 'text', value: `${text}\n\n[tool: ${call.id}]` },
          },
        ],
      });
    }
  }
  return run;
}

function parse(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  return isRecord(value) ? value : {};
}
