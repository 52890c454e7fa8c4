import { formatQuantity } from '#src/lib/format-number.ts';
import { formatRelativeTime } from '#src/lib/format-time.ts';
import { withoutMarkup } from '#src/lib/plain-answer.ts';
import type { DecisionRequest, Outcome } from './decision-request.ts';

type Asked = Pick<DecisionRequest, 'kind' | 'tool' | 'agent' | 'pause'>;

/** "Run cluster.pods_delete", "A question of lead", "lead is paused": what a person is asked, as a heading. */
export function describeRequest({ kind, tool, agent, pause }: Asked): string {
  const who = agent ?? 'The agent';
  switch (kind) {
    case 'tool':
      return `${who} wants to run ${tool}`;
    case 'question':
      return `${who} asks`;
    case 'pause':
      return `${who} is paused${pause ? ` after ${formatQuantity(pause.iterations, 'iteration')}` : ''}`;
  }
}

/** What most needs to be known, in a line: the question, what a paused agent said last, else why somebody is asked. */
export function summariseRequest({
  kind,
  question,
  pause,
  why,
}: Pick<DecisionRequest, 'kind' | 'question' | 'pause' | 'why'>): string {
  if (kind === 'question') return question;
  return pause?.found ? `It said last: ${withoutMarkup(pause.found)}` : why;
}

/** Who decided what, in words: "Ada approved it for the rest of this session". Without the time, which goes on. */
export function describeOutcome({ kind }: Pick<DecisionRequest, 'kind'>, outcome: Outcome): string {
  const by = outcome.by ?? 'Somebody';
  switch (outcome.decision) {
    case 'approved':
      if (kind === 'question') return `${by} answered`;
      if (kind === 'pause') return `${by} gave it ${formatQuantity(outcome.granted ?? 0, 'more iteration')}`;
      return outcome.scope === 'session'
        ? `${by} approved it, and this tool for the rest of the session`
        : `${by} approved it`;
    case 'denied':
      if (kind === 'pause') return `${by} asked for its conclusion`;
      return kind === 'question' ? `${by} declined to answer` : `${by} denied it`;
    case 'expired':
      if (kind === 'pause') return 'Nobody decided in time, so it was asked for its conclusion';
      return kind === 'question'
        ? 'Nobody answered in time; the run went on without an answer'
        : 'Nobody decided in time, so it was not run';
    case 'cancelled':
      return outcome.by === null ? 'The run ended before anybody decided' : `${by} cancelled the agent`;
  }
}

const ISO_TIME = /,? at (\d{4}-\d\d-\d\dT[\d:.]+Z)/;

/** The server's words on a decision that came too late, with the time as people say it: "Ada has already approved this, 3 s ago." */
export const describeConflict = (message: string, nowMs: number): string =>
  message.replace(ISO_TIME, (_, at: string) => ` ${formatRelativeTime(at, nowMs)}`);
