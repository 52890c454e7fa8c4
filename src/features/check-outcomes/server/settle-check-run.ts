import { z } from 'zod';
import { type CheckResult, checkOutcomes, readOutcome } from '#src/lib/check-outcome.ts';
import { headOf } from '#src/lib/storable-text.ts';
import type { NotifyRule } from '#src/server/config/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import { checkFindingSchema, type SessionCheck } from '../schema.ts';
import { decideNews, type EarlierOutcome } from './decide-news.ts';
import { DIGEST_CHARS, SUMMARY_MAX_CHARS } from './tunables.ts';

export type SettledCheck = {
  /** Whether people are told of the end. */
  notify: boolean;
  /** Whether there is something that a person should look at. */
  isNews: boolean;
  view: SessionCheck;
};

type OpenRun = {
  id: string;
  project_id: string;
  name: string;
  notify: NotifyRule;
  final_analysis: string | null;
};

/**
 * Writes what a check's run came to, in the transaction that ends its session. Null for a session that is no check's run. A
 * cancelled one came to nothing: the next is compared with the one before.
 */
export async function settleCheckRun(
  sql: Sql,
  end: { sessionId: string; status: string; reason: string | null; error: string | null },
): Promise<SettledCheck | null> {
  const { rows } = await sql.query<OpenRun>(
    `select r.id, r.project_id, r.name, r.notify, s.final_analysis
     from check_run r join session s on s.id = r.session_id
     where r.session_id = $1 and r.status = 'started' for update of r`,
    [end.sessionId],
  );
  const run = rows[0];
  if (!run) return null;
  if (end.status === 'cancelled') return settleCancelled(sql, run, end.reason);
  const result = await nameAlike(sql, end.sessionId, resultOf(run, end));
  const { last, lastKnown } = await readEarlier(sql, run);
  const current = { outcome: result.outcome, keys: result.findings.map(({ key }) => key) };
  const news = decideNews({ rule: run.notify, current, last, lastKnown });
  const { rows: written } = await sql.query<{ since: Date }>(
    `update check_run set status = 'ended', ended_at = now(), outcome = $2::"CheckOutcome", summary = $3, findings = $4,
       since = coalesce($5, now()), notified = $6 where id = $1 returning since`,
    [run.id, result.outcome, result.summary, JSON.stringify(result.findings), news.since, news.notify],
  );
  return {
    notify: news.notify,
    isNews: news.isNews,
    view: {
      name: run.name,
      outcome: result.outcome,
      summary: result.summary,
      findings: result.findings.length,
      since: written[0]?.since.toISOString() ?? null,
      unchanged: news.since !== null,
    },
  };
}

async function settleCancelled(sql: Sql, run: OpenRun, reason: string | null): Promise<SettledCheck> {
  const notify = run.notify === 'always';
  await sql.query(
    `update check_run set status = 'ended', ended_at = now(), reason = $2, notified = $3 where id = $1`,
    [run.id, reason ?? 'cancelled', notify],
  );
  const view = { name: run.name, outcome: null, summary: null, findings: 0, since: null, unchanged: false };
  return { notify, isNews: false, view };
}

/** An analysis that is there counts also when the run failed after it. */
function resultOf(run: OpenRun, end: { status: string; error: string | null }): CheckResult {
  const result = run.final_analysis === null ? null : readOutcome(run.final_analysis);
  if (result) return { ...result, summary: headOf(result.summary, SUMMARY_MAX_CHARS) };
  const summary =
    end.status === 'completed'
      ? 'The answer does not say what the check came to.'
      : (end.error ?? `The run ended: ${end.status.replace('_', ' ')}.`);
  return { outcome: 'unknown', summary: headOf(summary, SUMMARY_MAX_CHARS), findings: [] };
}

/**
 * Names that are masked have a placeholder of their own in each session; their digest is the same in all. Keys hold that, so
 * that the next run's can be compared with them.
 */
async function nameAlike(sql: Sql, sessionId: string, result: CheckResult): Promise<CheckResult> {
  if (!result.findings.some(({ key }) => key.includes('['))) return result;
  const { rows } = await sql.query<{ placeholder: string; kind: string; digest: string }>(
    `select placeholder, kind, encode(digest, 'hex') as digest from masked_identifier where session_id = $1`,
    [sessionId],
  );
  const alike = (key: string) =>
    rows.reduce(
      (text, { placeholder, kind, digest }) =>
        text.replaceAll(
          placeholder.toLowerCase(),
          `[${kind.toLowerCase()}:${digest.slice(0, DIGEST_CHARS)}]`,
        ),
      key,
    );
  return { ...result, findings: result.findings.map((finding) => ({ ...finding, key: alike(finding.key) })) };
}

type EarlierRow = { outcome: string; findings: unknown; since: Date };

/** The newest ended run, and the newest that could tell. */
async function readEarlier(
  sql: Sql,
  run: OpenRun,
): Promise<{ last: EarlierOutcome | null; lastKnown: EarlierOutcome | null }> {
  const { rows } = await sql.query<EarlierRow>(
    `(select outcome, findings, since, ended_at from check_run
        where project_id = $1 and name = $2 and outcome is not null order by ended_at desc limit 1)
     union
     (select outcome, findings, since, ended_at from check_run
        where project_id = $1 and name = $2 and outcome in ('healthy', 'findings') order by ended_at desc limit 1)
     order by ended_at desc`,
    [run.project_id, run.name],
  );
  const earlier = rows.map(earlierOutcome);
  return {
    last: earlier[0] ?? null,
    lastKnown: earlier.find(({ outcome }) => outcome !== 'unknown') ?? null,
  };
}

const earlierOutcome = (row: EarlierRow): EarlierOutcome => ({
  outcome: z.enum(checkOutcomes).parse(row.outcome),
  keys: z
    .array(checkFindingSchema)
    .parse(row.findings)
    .map(({ key }) => key),
  since: row.since,
});
