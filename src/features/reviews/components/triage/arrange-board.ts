import { isTerminal, type SessionListItem, type SessionReview } from '#src/features/sessions/schema.ts';
import { type TriageGroup, triageGroups } from '../../schema.ts';

export type Board = Record<TriageGroup, readonly SessionListItem[]>;

const emptyBoard = (): Record<TriageGroup, SessionListItem[]> => ({
  investigating: [],
  needs_review: [],
  in_progress: [],
  reviewed: [],
});

export const groupOf = (session: SessionListItem): TriageGroup =>
  isTerminal(session.status) ? (session.review.status ?? 'needs_review') : 'investigating';

/**
 * The board as it will be when the commands under way have succeeded: `expected` holds the reviews that they lead to.
 * Sessions appear once, newest first; the ones that are moved stand where they will be.
 */
export function arrangeBoard(fetched: Board, expected: ReadonlyMap<string, SessionReview>): Board {
  const board = emptyBoard();
  const seen = new Set<string>();
  for (const session of triageGroups.flatMap((group) => fetched[group])) {
    if (seen.has(session.id)) continue;
    seen.add(session.id);
    const review = expected.get(session.id) ?? session.review;
    const shown = { ...session, review };
    board[groupOf(shown)].push(shown);
  }
  for (const group of triageGroups) board[group].sort(byNewest);
  return board;
}

const byNewest = (a: SessionListItem, b: SessionListItem): number =>
  b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id);
