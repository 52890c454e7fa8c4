'use client';
import { useMemo } from 'react';
import type { SessionView, TimelineItem } from '#src/features/sessions/schema.ts';
import { suggestQuestions } from '../suggest-questions.ts';

type SuggestionsProps = {
  session: SessionView;
  items: readonly TimelineItem[];
  onAsk: (question: string) => void;
};

/** Questions that the session can say something about; one line, scrolled where there is no room. */
export function Suggestions({ session, items, onAsk }: SuggestionsProps) {
  const { status, finalAnalysis } = session;
  const questions = useMemo(
    () => suggestQuestions({ status, finalAnalysis }, items),
    [status, finalAnalysis, items],
  );
  if (questions.length === 0) return null;
  return (
    <ul aria-label="Suggested questions" className="flex gap-1.5 overflow-x-auto pb-0.5">
      {questions.map((question) => (
        <li key={question} className="shrink-0">
          <button
            type="button"
            onClick={() => onAsk(question)}
            className="rounded-full border px-2.5 py-1 text-dim text-xs hover:border-accent hover:text-text"
          >
            {question}
          </button>
        </li>
      ))}
    </ul>
  );
}
