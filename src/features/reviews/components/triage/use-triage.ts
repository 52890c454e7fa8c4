import { useMemo, useState } from 'react';
import { useMay, useProject } from '#src/components/frame/project-context.tsx';
import type { SessionListItem } from '#src/features/sessions/schema.ts';
import { type ReviewAction, type ReviewCommand, reviewActions, triageGroups } from '../../schema.ts';
import { arrangeBoard } from './arrange-board.ts';
import { expectReview } from './expect-review.ts';
import { firstLimits, type Limits, useBoard } from './use-board.ts';
import { useReviewActions } from './use-review-actions.ts';
import type { TriageFilters } from './use-triage-filters.ts';
import { focusedSession, focusSession, neighbourOf, useTriageKeys } from './use-triage-keys.ts';

type Feedback = Pick<ReviewCommand, 'rating' | 'actionTaken' | 'note'>;

/** State and commands of the board. Commands go to the selected sessions, or to the focused one when none is selected. */
export function useTriage(project: string, filters: TriageFilters) {
  const mayOperate = useMay('operator');
  const { userName } = useProject();
  const [limits, setLimits] = useState<Limits>(firstLimits);
  const fetched = useBoard(project, filters, limits);
  const { expected, perform } = useReviewActions(project, fetched.reload);
  const board = useMemo(() => arrangeBoard(fetched.board, expected), [fetched.board, expected]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [completing, setCompleting] = useState<readonly SessionListItem[] | null>(null);
  const sessions = triageGroups.flatMap((group) => board[group]);
  // What has left the board since it was selected is not acted on.
  const selectedSessions = sessions.filter(({ id }) => chosen.has(id));
  const selected = new Set(selectedSessions.map(({ id }) => id));

  const targets = (): readonly SessionListItem[] => {
    if (selectedSessions.length > 0) return selectedSessions;
    const focused = focusedSession();
    return sessions.filter(({ id }) => id === focused);
  };
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const run = (on: readonly SessionListItem[], command: ReviewCommand) => {
    const next = neighbourOf(new Set(on.map(({ id }) => id)));
    setChosen(new Set());
    void perform(on, command);
    // The focused row moves to another group: the focus goes on to the next one instead of being lost.
    if (next) requestAnimationFrame(() => focusSession(next));
  };
  const act = (action: ReviewAction) => {
    const on = targets();
    if (!mayOperate || on.length === 0) return;
    if (action === 'complete') setCompleting(on);
    else run(on, { action });
  };
  const complete = (feedback: Feedback) => {
    if (completing) run(completing, { action: 'complete', ...feedback });
    setCompleting(null);
  };
  useTriageKeys({
    onSelect: () => {
      const focused = focusedSession();
      if (focused && mayOperate) toggle(focused);
    },
    onClear: () => setChosen(new Set()),
    onAction: act,
  });
  const possible = new Set(
    reviewActions.filter((action) =>
      selectedSessions.some((session) => expectReview(session, { action }, userName)),
    ),
  );
  return {
    ...fetched,
    board,
    limits,
    setLimits,
    selected,
    toggle,
    clear: () => setChosen(new Set()),
    possible,
    act,
    completing,
    complete,
    cancelComplete: () => setCompleting(null),
  };
}
