'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Scale } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import { useMay } from '#src/components/frame/project-context.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Select } from '#src/components/ui/field.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';
import { isTerminal, type SessionView } from '#src/features/sessions/schema.ts';
import { formatAbsoluteTime } from '#src/lib/format-time.ts';
import type { Score } from '../schema.ts';
import { whyNotScorable } from '../why-not-scorable.ts';
import { ScoreBadge } from './score-badge.tsx';
import { ScoreReport } from './score-report.tsx';

type ScoreCardProps = { project: string; session: SessionView };

/** How good the investigation was: the newest score with its report, earlier ones, and the way to another. */
export function ScoreCard({ project, session }: ScoreCardProps) {
  const scores = useScores(project, session);
  const mayOperate = useMay('operator');
  const [chosen, setChosen] = useState<string | null>(null);
  const items = scores.data?.items ?? [];
  const ended = items.filter(({ status }) => isTerminal(status));
  const running = items.length > ended.length;
  const shown = ended.find(({ id }) => id === chosen) ?? ended[0];
  const mayScore =
    mayOperate && whyNotScorable({ status: session.status, hasRun: session.startedAt !== null }) === null;
  if (items.length === 0 && !mayScore) return null;
  return (
    <section aria-label="Score" className="border-b bg-panel px-4 py-3 md:px-5">
      <div className="mx-auto grid max-w-3xl grid-cols-[minmax(0,1fr)] gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="flex items-center gap-1.5 font-semibold">
            <Scale aria-hidden="true" className="size-3.5 text-accent" /> Score
          </h2>
          <ScoreBadge score={shown?.total ?? null} />
          {shown ? <span className="text-dim">{describeJudge(shown)}</span> : null}
          {!shown && !running ? <span className="text-dim">Not scored yet.</span> : null}
          <span className="flex-1" />
          {ended.length > 1 ? <History scores={ended} shown={shown} onChoose={setChosen} /> : null}
          {mayScore ? (
            <RequestScore project={project} session={session} running={running} again={ended.length > 0} />
          ) : null}
        </div>
        {shown ? <ScoreReport key={shown.id} score={shown} /> : null}
      </div>
    </section>
  );
}

/** Read again whenever a scoring begins or ends, which the session's own events tell. */
function useScores(project: string, session: SessionView) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const query = trpc.scores.list.queryOptions({ project, id: session.id });
  const progress = session.stages
    .filter(({ type }) => type === 'scoring')
    .map(({ id, status }) => `${id} ${status}`)
    .join();
  const { queryKey } = query;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is made anew with each render; its parts are named.
  useEffect(() => {
    if (progress) void queryClient.invalidateQueries({ queryKey });
  }, [queryClient, progress, project, session.id, session.score]);
  return useQuery(query);
}

const describeJudge = ({ method, model, triggeredBy }: Score): string =>
  `${method === 'rules' ? 'by rules, without a model' : `by ${model ?? 'a judge'}`}${triggeredBy === 'automatic' ? '' : `, asked by ${triggeredBy}`}`;

type HistoryProps = {
  scores: readonly Score[];
  shown: Score | undefined;
  onChoose: (id: string) => void;
};

function History({ scores, shown, onChoose }: HistoryProps) {
  return (
    <Select
      aria-label="Scores of this session"
      value={shown?.id ?? ''}
      onChange={(event) => onChoose(event.target.value)}
      className="w-auto max-w-56"
    >
      {scores.map((score, index) => (
        <option key={score.id} value={score.id}>
          {score.total ?? score.status} · {formatAbsoluteTime(score.createdAt)}
          {index === 0 ? ' (newest)' : ''}
        </option>
      ))}
    </Select>
  );
}

function RequestScore({
  project,
  session,
  running,
  again,
}: ScoreCardProps & { running: boolean; again: boolean }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const request = useMutation(
    trpc.scores.request.mutationOptions({
      onError: (error) => void toast.error(describeError(error).message),
      onSettled: () =>
        queryClient.invalidateQueries({ queryKey: trpc.scores.list.queryKey({ project, id: session.id }) }),
    }),
  );
  const busy = running || request.isPending;
  return (
    <Button size="sm" disabled={busy} onClick={() => request.mutate({ project, id: session.id })}>
      {busy ? <Spinner /> : <Scale />}
      {busy ? 'Scoring' : again ? 'Score again' : 'Score'}
    </Button>
  );
}
