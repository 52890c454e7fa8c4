import { formatRelativeTime } from '#src/lib/format-time.ts';
import type { DecisionRequest, Outcome } from './decision-request.ts';

/** "Run cluster.pods_delete", "A question of lead": what a person is asked, as a heading. */
export const describeRequest = ({
  kind,
  tool,
  agent,
}: Pick<DecisionRequest, 'kind' | 'tool' | 'agent'>): string =>
  kind === 'question' ? `${agent ?? 'The agent'} asks` : `${agent ?? 'The agent'} wants to run ${tool}`;

/** Who decided what, in words: "Ada approved it for the rest of this session". Without the time, which goes on. */
export function describeOutcome({ kind }: Pick<DecisionRequest, 'kind'>, outcome: Outcome): string {
  const by = outcome.by ?? 'Somebody';
  switch (outcome.decision) {
    case 'approved':
      if (kind === 'question') return `${by} answered`;
      return outcome.scope === 'session'
        ? `${by} approved it, and this tool for the rest of the session`
        : `${by} approved it`;
    case 'denied':
      return kind === 'question' ? `${by} declined to answer` : `${by} denied it`;
    case 'expired':
      return kind === 'question'
        ? 'Nobody answered in time; the run went on without an answer'
        : 'Nobody decided in time, so it was not run';
    case 'cancelled':
      return 'The run ended before anybody decided';
  }
}

const ISO_TIME = /,? at (\d{4}-\d\d-\d\dT[\d:.]+Z)/;

/** The server's words on a decision that came too late, with the time as people say it: "Ada has already approved this, 3 s ago." */
export const describeConflict = (message: string, nowMs: number): string =>
  message.replace(ISO_TIME, (_, at: string) => ` ${formatRelativeTime(at, nowMs)}`);
