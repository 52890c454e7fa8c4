import type { SessionListItem } from '#src/features/sessions/schema.ts';
import { searchWords } from '#src/lib/search-words.ts';
import { headOf } from '#src/lib/storable-text.ts';
import type { Sql } from '#src/server/db/database.ts';
import { PAST_EXCERPT_MAX_CHARS, PAST_LINES_MAX } from './tunables.ts';

export type PastSession = Pick<
  SessionListItem,
  'id' | 'title' | 'alertType' | 'createdAt' | 'executiveSummary' | 'review'
>;

/** The final analyses of sessions of one project, by id. Those of others, and of sessions that have none, are not there. */
export async function loadAnalyses(
  sql: Sql,
  { projectId, ids }: { projectId: string; ids: readonly string[] },
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql.query<{ id: string; analysis: string }>(
    `select id, final_analysis as analysis from session
     where project_id = $1 and id::text = any($2) and status = 'completed' and final_analysis is not null`,
    [projectId, ids],
  );
  return new Map(rows.map(({ id, analysis }) => [id, analysis]));
}

/** One hit of a search: when, what alert, what people thought of it, the cause, and the lines that matched. */
export function describePastSession(session: PastSession, analysis: string | null, query: string): string {
  const { rating } = session.review;
  const rated = rating ? `, people rated it ${rating.replaceAll('_', ' ')}` : '';
  const cause = analysis === null ? null : causeIn(analysis);
  const matched = analysis === null ? [] : matchingLines(analysis, query);
  return [
    `${session.createdAt.slice(0, 10)} ${session.title} (session ${session.id}, alert type ${session.alertType}${rated})`,
    `Summary: ${session.executiveSummary ?? 'none was written.'}`,
    ...(cause === null ? [] : [`Cause: ${cause}`]),
    ...matched.map((line) => `Matched: ${line}`),
  ].join('\n');
}

/** What stands below "Root cause", or the first line of an answer that has no such section. */
export function causeIn(analysis: string): string | null {
  const lines = analysis.split('\n').map((line) => line.trim());
  const heading = lines.findIndex((line) => /^#{1,6}\s*root causes?\b/i.test(line));
  const below = lines.slice(heading + 1);
  const end = below.findIndex((line) => line.startsWith('#'));
  const text =
    heading === -1
      ? (lines.find((line) => line !== '' && !line.startsWith('#')) ?? '')
      : below.slice(0, end === -1 ? undefined : end).join(' ');
  const cause = text.replace(/\s+/g, ' ').trim();
  return cause === '' ? null : short(cause);
}

/** The lines with most of the words, in their order. None where only the alert held them. */
export function matchingLines(analysis: string, query: string): string[] {
  const words = searchWords(query);
  const scored = analysis.split('\n').flatMap((raw, at) => {
    const line = raw.trim();
    const lower = line.toLowerCase();
    const hits = words.filter((word) => lower.includes(word)).length;
    return hits === 0 ? [] : [{ line, at, hits }];
  });
  return scored
    .toSorted((a, b) => b.hits - a.hits || a.at - b.at)
    .slice(0, PAST_LINES_MAX)
    .toSorted((a, b) => a.at - b.at)
    .map(({ line }) => short(line));
}

const short = (text: string): string =>
  text.length <= PAST_EXCERPT_MAX_CHARS ? text : `${headOf(text, PAST_EXCERPT_MAX_CHARS)} …`;
