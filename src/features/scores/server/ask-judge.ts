import { type AskContext, askOnce } from '#src/features/agents/server/index.ts';
import type { ExecutionRow } from '#src/features/sessions/server/index.ts';
import type { ResolvedExecution } from '#src/server/config/index.ts';
import { contextBudget, type NamedLlmProvider } from '#src/server/llm/index.ts';
import { askAgain, composeJudgement, TOOL_REPORT_QUESTION } from './compose-judgement.ts';
import type { JudgedSession } from './load-judged-session.ts';
import { readToolReport, readVerdict, type Verdict } from './read-verdict.ts';
import {
  CHARS_PER_TOKEN,
  JUDGE_CONTEXT_SHARE,
  VERDICT_ATTEMPTS,
  VERDICT_MAX_OUTPUT_TOKENS,
} from './tunables.ts';

type Messages = Parameters<typeof askOnce>[1]['messages'];

export type Judge = {
  context: AskContext;
  execution: ExecutionRow;
  settings: ResolvedExecution;
  provider: NamedLlmProvider;
  system: string;
};

/** What the judge is asked first, and its last readable answer to that: the beginning of the second turn. */
export type FirstTurn = { verdict: Verdict; question: string };

/** The first turn: the verdict. */
export async function askForVerdict(
  judge: Judge,
  session: JudgedSession,
): Promise<{ turn: FirstTurn } | { problem: string }> {
  const chars = Math.floor(contextBudget(judge.provider) * CHARS_PER_TOKEN * JUDGE_CONTEXT_SHARE);
  const question = composeJudgement(session, chars);
  const read = await askUntilReadable(judge, [{ role: 'user', content: question }], readVerdict);
  return 'problem' in read ? read : { turn: { verdict: read.verdict, question } };
}

/** The second turn: what the tools lacked. */
export function askForToolReport(
  judge: Judge,
  { verdict, question }: FirstTurn,
): Promise<{ report: string } | { problem: string }> {
  return askUntilReadable(
    judge,
    [
      { role: 'user', content: question },
      { role: 'assistant', content: JSON.stringify(verdict) },
      { role: 'user', content: TOOL_REPORT_QUESTION },
    ],
    readToolReport,
  );
}

/** Asks, and asks again with what was wrong, as often as `VERDICT_ATTEMPTS`. */
async function askUntilReadable<T extends object>(
  judge: Judge,
  messages: Messages,
  read: (answer: string) => T | { problem: string },
): Promise<T | { problem: string }> {
  const { context, execution, settings, provider, system } = judge;
  let problem = '';
  for (let attempt = 1; attempt <= VERDICT_ATTEMPTS; attempt += 1) {
    execution.iterations += 1;
    const answer = await askOnce(context, {
      executionId: execution.id,
      provider,
      timeouts: settings.timeouts,
      purpose: 'scoring',
      iteration: execution.iterations,
      system,
      messages,
      maxOutputTokens: VERDICT_MAX_OUTPUT_TOKENS,
    });
    if ('error' in answer) return { problem: answer.error };
    const result = read(answer.text);
    if (!('problem' in result)) return result;
    problem = `the judge's answer could not be used: ${result.problem}`;
    messages.push(
      { role: 'assistant', content: answer.text },
      { role: 'user', content: askAgain(result.problem) },
    );
  }
  return { problem };
}
