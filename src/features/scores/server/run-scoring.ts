import { openBudget } from '#src/features/agents/server/index.ts';
import {
  type FollowUpHandler,
  type FollowUpRun,
  openExecution,
} from '#src/features/follow-ups/server/index.ts';
import { scheduleReflection } from '#src/features/memories/server/index.ts';
import { type Batch, type ExecutionRow, saveExecution } from '#src/features/sessions/server/index.ts';
import { storable } from '#src/lib/storable-text.ts';
import { type ResolvedExecution, resolveSupportExecution } from '#src/server/config/index.ts';
import type { Sql } from '#src/server/db/database.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { NamedLlmProvider } from '#src/server/llm/index.ts';
import { askForToolReport, askForVerdict, type Judge } from './ask-judge.ts';
import { composeJudge, promptHash } from './compose-judgement.ts';
import { type JudgedSession, loadJudgedSession } from './load-judged-session.ts';
import type { Verdict } from './read-verdict.ts';
import { RULES_VERSION, scoreByRules } from './score-by-rules.ts';

/** A verdict and how it came about. */
type Judgement = {
  verdict: Verdict;
  method: 'model' | 'rules';
  promptHash: string;
  toolReport: string | null;
  /** Why there is no report on the tools. */
  reportProblem: string | null;
};

/**
 * Scores an ended session. The verdict, the session's new total, and the order to draw memories from it are one commit, so
 * that a worker that goes on after another one died finds all of it or nothing.
 */
export const runScoring: FollowUpHandler = async (kernel, run) => {
  const { followUp, recorder } = run;
  const { pool } = kernel.database;
  if (await isScored(pool, followUp.id)) return { status: 'completed' };
  await pool.query(`update score set status = 'running' where follow_up_id = $1 and status = 'pending'`, [
    followUp.id,
  ]);
  const session = await loadJudgedSession(pool, followUp.sessionId);
  const { snapshot } = session;
  const settings = resolveSupportExecution({ config: snapshot, chain: snapshot.chain, role: 'scoring' });
  const execution = await openExecution(kernel, run, settings);
  const judged = await judge(kernel, run, { session, settings, execution });
  const completedAt = new Date().toISOString();
  if ('problem' in judged) {
    const error = storable(run.masker.text(judged.problem));
    await recorder.commit(async (batch) => {
      await batch.sql.query(
        `update score set status = 'failed', error = $2, completed_at = now() where follow_up_id = $1`,
        [followUp.id, error],
      );
      saveExecution(batch, Object.assign(execution, { status: 'failed', error, completedAt }));
    });
    return { status: 'failed', error };
  }
  const result = `${judged.verdict.total} of 100`;
  await recorder.commit(async (batch) => {
    saveExecution(batch, Object.assign(execution, { status: 'completed', result, completedAt }));
    await writeScore(batch, { followUpId: followUp.id, execution, judged });
    await scheduleReflection(kernel, batch.sql, {
      sessionId: followUp.sessionId,
      author: followUp.author,
      cause: 'score',
    });
  });
  return { status: 'completed', result };
};

async function isScored(sql: Sql, followUpId: string): Promise<boolean> {
  const { rows } = await sql.query(`select 1 from score where follow_up_id = $1 and status = 'completed'`, [
    followUpId,
  ]);
  return rows.length > 0;
}

/** By the first provider that comes to a verdict. Where the offline analyst is meant to judge, rules do. */
async function judge(
  kernel: Kernel,
  run: FollowUpRun,
  options: { session: JudgedSession; settings: ResolvedExecution; execution: ExecutionRow },
): Promise<Judgement | { problem: string }> {
  const { session, settings, execution } = options;
  const providers = [settings.llmProvider, ...settings.fallbackProviders].flatMap(
    (name): NamedLlmProvider[] => {
      const provider = kernel.config.current().llmProviders[name];
      return provider ? [{ ...provider, name }] : [];
    },
  );
  const system = composeJudge(settings.instructions);
  const { recorder, masker, signal, followUp } = run;
  const budgeted = { id: followUp.sessionId, snapshot: session.snapshot };
  const budget = await openBudget(kernel, budgeted, { isFollowUp: true });
  const context = { kernel, recorder, masker, budget, signal };
  let problem = 'no model provider is configured for it.';
  for (const provider of providers) {
    Object.assign(execution, { provider: provider.name, model: provider.model });
    if (provider.type === 'offline') {
      const verdict = scoreByRules(session);
      return { verdict, method: 'rules', promptHash: RULES_VERSION, toolReport: null, reportProblem: null };
    }
    const judged = await judgeByModel({ context, execution, settings, provider, system }, session);
    if (!('problem' in judged)) return judged;
    problem = judged.problem;
  }
  return { problem };
}

async function judgeByModel(by: Judge, session: JudgedSession): Promise<Judgement | { problem: string }> {
  const first = await askForVerdict(by, session);
  if ('problem' in first) return first;
  const second = await askForToolReport(by, first.turn);
  return {
    verdict: first.turn.verdict,
    method: 'model',
    promptHash: promptHash(by.system),
    toolReport: 'report' in second ? second.report : null,
    reportProblem: 'problem' in second ? second.problem : null,
  };
}

async function writeScore(
  batch: Batch,
  options: { followUpId: string; execution: ExecutionRow; judged: Judgement },
): Promise<void> {
  const { followUpId, execution, judged } = options;
  const { verdict, method, toolReport, reportProblem } = judged;
  const { rows } = await batch.sql.query<{ id: string }>(
    `update score set status = 'completed', method = $2, provider = $3, model = $4, outcome = $5, prompt_hash = $6, total = $7,
       dimensions = $8, analysis = $9, tool_report = $10, tags = $11, error = $12, completed_at = now()
     where follow_up_id = $1 returning id`,
    [
      followUpId,
      method,
      execution.provider,
      execution.model,
      verdict.outcome,
      judged.promptHash,
      verdict.total,
      JSON.stringify(verdict.dimensions),
      verdict.analysis,
      toolReport,
      verdict.tags,
      reportProblem === null ? null : storable(`No report on the tools: ${reportProblem}`),
    ],
  );
  await batch.sql.query('update session set score = $2 where id = $1', [execution.sessionId, verdict.total]);
  batch.emit({ type: 'session.patch', payload: { score: verdict.total } });
  const { total, outcome, tags } = verdict;
  batch.startItem({
    stageId: execution.stageId,
    executionId: execution.id,
    type: 'score',
    status: 'completed',
    content: verdict.analysis,
    data: { scoreId: rows[0]?.id ?? null, total, outcome, tags, method },
  });
}
