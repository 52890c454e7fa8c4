import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { toast } from 'sonner';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import { useProject } from '#src/components/frame/project-context.tsx';
import type { ReviewStatus, SessionListItem, SessionReview } from '#src/features/sessions/schema.ts';
import { formatQuantity } from '#src/lib/format-number.ts';
import { BULK_REVIEW_MAX, type BulkReviewResult, type ReviewCommand } from '../../schema.ts';
import { expectReview } from './expect-review.ts';

type Group = { from: ReviewStatus | null; sessions: SessionListItem[] };

/** Commands name the state they were meant for, so one goes out per state, and per `BULK_REVIEW_MAX` sessions. */
function groupByState(sessions: readonly SessionListItem[]): Group[] {
  const groups: Group[] = [];
  for (const session of sessions) {
    const from = session.review.status;
    const open = groups.find((group) => group.from === from && group.sessions.length < BULK_REVIEW_MAX);
    if (open) open.sessions.push(session);
    else groups.push({ from, sessions: [session] });
  }
  return groups;
}

/**
 * Sends review commands. What they lead to is shown at once (`expected`) and taken back, with the reason, for each session
 * that refuses.
 */
export function useReviewActions(project: string, reload: () => Promise<unknown>) {
  const trpc = useTRPC();
  const { userName } = useProject();
  const bulk = useMutation(trpc.reviews.bulk.mutationOptions());
  const [expected, setExpected] = useState<ReadonlyMap<string, SessionReview>>(new Map());
  // Two commands in quick succession for one session: the answer to the first must not undo what the second expects.
  const turns = useRef(new Map<string, number>());

  const settle = (ids: readonly string[], turn: number) =>
    setExpected((before) => {
      const next = new Map(before);
      for (const id of ids) if (turns.current.get(id) === turn) next.delete(id);
      return next;
    });

  async function send({ from, sessions }: Group, command: ReviewCommand, turn: number): Promise<string[]> {
    const sessionIds = sessions.map(({ id }) => id);
    try {
      const { results } = await bulk.mutateAsync({ project, sessionIds, ...command, from });
      settle(refused(results), turn);
      return results.flatMap(({ error }) => (error ? [error.message] : []));
    } catch (error) {
      settle(sessionIds, turn);
      return sessionIds.map(() => describeError(error).message);
    }
  }

  async function perform(sessions: readonly SessionListItem[], command: ReviewCommand): Promise<void> {
    const possible = sessions.filter((session) => expectReview(session, command, userName));
    const left = sessions.length - possible.length;
    if (possible.length === 0) {
      toast.info(
        sessions.length === 1 ? 'That is not possible in its state.' : 'Not possible in their states.',
      );
      return;
    }
    const turn = performance.now();
    setExpected((before) => {
      const next = new Map(before);
      for (const session of possible) {
        const review = expectReview(session, command, userName);
        if (review) next.set(session.id, review);
        turns.current.set(session.id, turn);
      }
      return next;
    });
    const problems = (
      await Promise.all(groupByState(possible).map((group) => send(group, command, turn)))
    ).flat();
    if (problems[0]) toast.error(describeProblems(problems, possible.length));
    else if (left > 0)
      toast.info(`${formatQuantity(left, 'session')} left out: not possible in their state.`);
    await reload();
    settle(
      possible.map(({ id }) => id),
      turn,
    );
  }

  return { expected, perform };
}

const refused = (results: BulkReviewResult['results']): string[] =>
  results.flatMap(({ sessionId, error }) => (error ? [sessionId] : []));

const describeProblems = (problems: readonly string[], of: number): string =>
  of === 1 ? (problems[0] ?? '') : `${problems.length} of ${of} did not change: ${problems[0]}`;
