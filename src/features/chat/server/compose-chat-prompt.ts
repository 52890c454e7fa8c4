import {
  type AlertFacts,
  composeAlertSection,
  composeRunbook,
  cut,
  delimit,
} from '#src/features/agents/server/index.ts';
import { inertText } from '#src/lib/inert-text.ts';
import { headOf } from '#src/lib/storable-text.ts';
import {
  ANALYSIS_CONTEXT_SHARE,
  ANALYSIS_MAX_CHARS,
  EARLIER_ANSWER_MAX_CHARS,
  EARLIER_QUESTION_MAX_CHARS,
  EARLIER_TURNS_CONTEXT_SHARE,
  EARLIER_TURNS_MAX,
  EARLIER_TURNS_MAX_CHARS,
  OUTLINE_ARGUMENTS_MAX_CHARS,
  OUTLINE_CONTEXT_SHARE,
  OUTLINE_MAX_CHARS,
  OUTLINE_RESULT_MAX_CHARS,
  QUESTION_CONTEXT_SHARE,
  STAGES_CONTEXT_SHARE,
  STAGES_MAX_CHARS,
} from './tunables.ts';

/** One tool call of the investigation, for the outline. */
export type OutlineCall = {
  callId: string;
  name: string;
  arguments: Record<string, unknown>;
  status: string;
  outputBytes: number;
  /** The beginning of what it gave. */
  head: string;
};

export type EarlierTurn = { author: string; question: string; answer: string | null; status: string };

/** What the answer to a question starts from; everything else is read on demand. */
export type ChatContext = {
  alert: AlertFacts;
  runbook: { text: string | null; note: string | null };
  status: string;
  /** Why it did not complete. */
  error: string | null;
  finalAnalysis: string | null;
  /** Results of stages, without the one that became the analysis. */
  stages: { name: string; result: string }[];
  calls: OutlineCall[];
  turns: EarlierTurn[];
  question: string;
  author: string;
};

/** What our own agents wrote keeps its references to tool results. */
const OURS = { references: 'kept' } as const;

/** The first message of a turn: what the session came to in short, then the question. All of it is delimited data. */
export function composeChatPrompt(context: ChatContext, contextChars: number): string {
  const share = (part: number, maxChars: number) => Math.min(maxChars, Math.floor(contextChars * part));
  const { finalAnalysis, stages, calls, turns } = context;
  const analysisChars = share(ANALYSIS_CONTEXT_SHARE, ANALYSIS_MAX_CHARS);
  const stageChars = Math.floor(share(STAGES_CONTEXT_SHARE, STAGES_MAX_CHARS) / Math.max(1, stages.length));
  return [
    'TARS-TASK: chat',
    composeAlertSection(context.alert, contextChars),
    composeRunbook({ ...context.runbook, contextChars }),
    `The investigation ended: ${context.status.replace('_', ' ')}.`,
    ...(context.error === null ? [] : [delimit('error of the investigation', context.error)]),
    finalAnalysis === null
      ? 'It has written no final analysis.'
      : delimit('final analysis', cut(finalAnalysis, analysisChars), OURS),
    ...stages.map(({ name, result }) =>
      delimit(`findings of stage "${name}"`, cut(result, stageChars), OURS),
    ),
    delimit(
      'tool calls of the investigation',
      composeOutline(calls, share(OUTLINE_CONTEXT_SHARE, OUTLINE_MAX_CHARS)),
    ),
    ...composeTurns(turns, share(EARLIER_TURNS_CONTEXT_SHARE, EARLIER_TURNS_MAX_CHARS)),
    delimit(
      `question of ${context.author}`,
      cut(context.question, Math.floor(contextChars * QUESTION_CONTEXT_SHARE)),
    ),
    `Answer the question between the last markers. Use what the investigation has found: tars__timeline_search finds lines in its whole
tool results, tars__timeline_read reads one. Ask the other tools only for what is newer or was not looked at. Answer shortly, the answer
first, with the results it rests on, each cited as [tool: <id of the result>]. If neither the session nor the tools hold the answer, say so plainly.`,
  ].join('\n\n');
}

/** One line per call, in order, as many as fit. */
export function composeOutline(calls: readonly OutlineCall[], maxChars: number): string {
  if (calls.length === 0) return 'It called no tool.';
  const lines: string[] = [];
  let room = maxChars;
  for (const call of calls) {
    const line = outlineLine(call);
    if (lines.length > 0 && line.length + 1 > room) {
      lines.push(
        `… and ${calls.length - lines.length} more calls; tars__timeline_search finds what they gave.`,
      );
      break;
    }
    room -= line.length + 1;
    lines.push(line);
  }
  return lines.join('\n');
}

function outlineLine({ callId, name, arguments: args, status, outputBytes, head }: OutlineCall): string {
  const shown = headOf(JSON.stringify(args), OUTLINE_ARGUMENTS_MAX_CHARS);
  const first = head.split('\n').find((line) => line.trim() !== '') ?? '';
  const result = headOf(first.trim(), OUTLINE_RESULT_MAX_CHARS);
  return `result ${callId}: ${name} ${shown} · ${status}, ${outputBytes} bytes: ${result}`;
}

/** Earlier questions in short, the newest ones first to keep, told in order. */
function composeTurns(turns: readonly EarlierTurn[], maxChars: number): string[] {
  const told: string[] = [];
  let room = maxChars;
  for (const turn of turns.slice(-EARLIER_TURNS_MAX).toReversed()) {
    const text = composeTurn(turn);
    if (told.length > 0 && text.length > room) break;
    room -= text.length;
    told.unshift(text);
  }
  if (told.length === 0) return [];
  const left = turns.length - told.length;
  const note =
    left > 0 ? `${left} earlier questions are left out; tars__timeline_search finds them.\n\n` : '';
  return [delimit('earlier questions and answers', `${note}${told.join('\n\n')}`, OURS)];
}

function composeTurn({ author, question, answer, status }: EarlierTurn): string {
  const answered =
    answer === null ? `(no answer: ${status.replace('_', ' ')})` : cut(answer, EARLIER_ANSWER_MAX_CHARS);
  const asked = inertText(cut(question, EARLIER_QUESTION_MAX_CHARS), { references: 'inert' });
  return `${author} asked: ${asked}\nTARS answered: ${answered}`;
}
