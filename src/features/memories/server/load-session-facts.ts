import type { Rating } from '#src/features/sessions/schema.ts';
import type { ChainSnapshot } from '#src/server/config/index.ts';
import type { Sql } from '#src/server/db/database.ts';

/** What reflection reads of a finished session. All of it is masked already. */
export type SessionFacts = {
  projectId: string;
  title: string;
  alertType: string;
  chain: string;
  snapshot: ChainSnapshot;
  /** Alert in words: title, labels, annotations. */
  subject: string;
  analysis: string;
  judgement: string | null;
  rating: Rating | null;
  note: string | null;
  feedback: string | null;
  /** Memories that the session was given. */
  injected: string[];
};

type Row = {
  project_id: string;
  title: string;
  alert_type: string;
  chain: string;
  chain_snapshot: ChainSnapshot;
  final_analysis: string | null;
  rating: Rating | null;
  action_taken: string | null;
  review_note: string | null;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  total: number | null;
  judge_analysis: string | null;
  tags: string[] | null;
};

/** Null when the session is gone or found nothing. */
export async function loadSessionFacts(sql: Sql, sessionId: string): Promise<SessionFacts | null> {
  const { rows } = await sql.query<Row>(
    `select s.project_id, s.title, s.alert_type, s.chain, s.chain_snapshot, s.final_analysis, s.rating, s.action_taken,
       s.review_note, a.labels, a.annotations, score.total, score.analysis as judge_analysis, score.tags
     from session s join alert a on a.id = s.alert_id
     left join lateral (
       select total, analysis, tags from score where session_id = s.id and status = 'completed' and method = 'model'
       order by created_at desc limit 1
     ) score on true
     where s.id = $1`,
    [sessionId],
  );
  const row = rows[0];
  if (!row?.final_analysis) return null;
  const injected = await sql.query<{ memory_id: string }>(
    'select memory_id from memory_injection where session_id = $1',
    [sessionId],
  );
  return {
    projectId: row.project_id,
    title: row.title,
    alertType: row.alert_type,
    chain: row.chain,
    snapshot: row.chain_snapshot,
    subject: describeAlert(row),
    analysis: row.final_analysis,
    judgement:
      row.total === null
        ? null
        : `${row.total} of 100. ${row.tags?.join(', ') ?? ''}\n${row.judge_analysis ?? ''}`,
    rating: row.rating,
    note: row.review_note,
    feedback: describeFeedback(row),
    injected: injected.rows.map(({ memory_id }) => memory_id),
  };
}

const describeAlert = ({ title, alert_type, labels, annotations }: Row): string =>
  [
    `Title: ${title}`,
    `Type: ${alert_type}`,
    ...Object.entries({ ...labels, ...annotations }).map(([key, value]) => `${key}: ${value}`),
  ].join('\n');

function describeFeedback({ rating, action_taken, review_note }: Row): string | null {
  const lines = [
    rating ? `Rated ${rating.replace('_', ' ')}.` : '',
    action_taken ? `What was done: ${action_taken}` : '',
    review_note ? `Feedback: ${review_note}` : '',
  ].filter(Boolean);
  return lines.length > 0 ? lines.join('\n') : null;
}
