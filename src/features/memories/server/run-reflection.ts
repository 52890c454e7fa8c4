import { type AskContext, askOnce, openBudget } from '#src/features/agents/server/index.ts';
import {
  type FollowUpHandler,
  type FollowUpRun,
  openExecution,
} from '#src/features/follow-ups/server/index.ts';
import type { ExecutionRow } from '#src/features/sessions/server/index.ts';
import { saveExecution } from '#src/features/sessions/server/index.ts';
import { formatQuantity } from '#src/lib/format-number.ts';
import { storable } from '#src/lib/storable-text.ts';
import { type Config, type ResolvedExecution, resolveSupportExecution } from '#src/server/config/index.ts';
import { generaliseIdentifiers } from '#src/server/identifiers/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { NamedLlmProvider } from '#src/server/llm/index.ts';
import { composeReflection, REFLECTION_AGAIN, REFLECTION_SYSTEM } from './compose-reflection.ts';
import { findMemories } from './find-memories.ts';
import { lessonsByRule, RULE_AUTHOR } from './lessons-by-rule.ts';
import { loadSessionFacts, type SessionFacts } from './load-session-facts.ts';
import { type Lessons, readLessons } from './read-lessons.ts';
import { REFLECTION_ATTEMPTS, REFLECTION_MAX_OUTPUT_TOKENS, REFLECTION_MEMORIES_MAX } from './tunables.ts';
import { deprecateMemory, insertMemory, reinforceMemories } from './write-memories.ts';

type Learned = { lessons: Lessons; author: string } | { problem: string };

/**
 * Draws memories from a finished session. What the model says is applied once, also when a worker dies in between; an answer
 * that cannot be read changes nothing and says so.
 */
export const runReflection: FollowUpHandler = async (kernel, run) => {
  const { followUp, recorder } = run;
  if (followUp.data.applied === true) return { status: 'completed' };
  const facts = await loadSessionFacts(kernel.database.pool, followUp.sessionId);
  if (!facts) return { status: 'completed', result: 'Nothing was found, so there is nothing to learn.' };
  const { snapshot } = facts;
  const settings = resolveSupportExecution({ config: snapshot, chain: snapshot.chain, role: 'scoring' });
  const execution = await openExecution(kernel, run, settings);
  const learned = await learn(kernel, run, { facts, settings, execution });
  const result = await recorder.commit(async (batch) => {
    const text =
      'problem' in learned
        ? `Nothing was learned: ${learned.problem}`
        : await applyLessons(batch.sql, facts, { ...learned, run, config: kernel.config.current() });
    const completedAt = new Date().toISOString();
    saveExecution(batch, Object.assign(execution, { status: 'completed', result: text, completedAt }));
    batch.startItem({
      stageId: execution.stageId,
      executionId: execution.id,
      type: 'response',
      status: 'completed',
      content: text,
      data: { reflection: true },
    });
    await batch.sql.query(`update follow_up set data = data || '{"applied": true}' where id = $1`, [
      followUp.id,
    ]);
    return text;
  });
  return { status: 'completed', result };
};

async function learn(
  kernel: Kernel,
  run: FollowUpRun,
  options: { facts: SessionFacts; settings: ResolvedExecution; execution: ExecutionRow },
): Promise<Learned> {
  const { facts, settings, execution } = options;
  const providers = [settings.llmProvider, ...settings.fallbackProviders].flatMap(
    (name): NamedLlmProvider[] => {
      const provider = kernel.config.current().llmProviders[name];
      return provider ? [{ ...provider, name }] : [];
    },
  );
  const known = await findMemories(kernel, {
    projectId: facts.projectId,
    text: `${facts.subject} ${facts.analysis}`,
    limit: REFLECTION_MEMORIES_MAX,
    signal: run.signal,
  });
  if (providers[0]?.type === 'offline') return { lessons: lessonsByRule(facts, known), author: RULE_AUTHOR };
  const { recorder, masker, signal, followUp } = run;
  const session = { id: followUp.sessionId, snapshot: facts.snapshot };
  const budget = await openBudget(kernel, session, { isFollowUp: true });
  const context: AskContext = { kernel, recorder, masker, budget, signal };
  let problem = 'no model provider is configured for it.';
  for (const provider of providers) {
    if (provider.type === 'offline') continue;
    Object.assign(execution, { provider: provider.name, model: provider.model });
    const question = composeReflection(facts, known);
    const answer = await askForLessons(context, { question, provider, settings, execution });
    if ('lessons' in answer) return { ...answer, author: `${settings.agent} (${provider.model})` };
    problem = answer.problem;
  }
  return { problem };
}

async function askForLessons(
  context: AskContext,
  options: {
    question: string;
    provider: NamedLlmProvider;
    settings: ResolvedExecution;
    execution: ExecutionRow;
  },
): Promise<{ lessons: Lessons } | { problem: string }> {
  const { question, provider, settings, execution } = options;
  const messages: Parameters<typeof askOnce>[1]['messages'] = [{ role: 'user', content: question }];
  let problem = '';
  for (let attempt = 1; attempt <= REFLECTION_ATTEMPTS; attempt += 1) {
    execution.iterations += 1;
    const answer = await askOnce(context, {
      executionId: execution.id,
      provider,
      timeouts: settings.timeouts,
      purpose: 'memory',
      iteration: execution.iterations,
      system: REFLECTION_SYSTEM,
      messages,
      maxOutputTokens: REFLECTION_MAX_OUTPUT_TOKENS,
    });
    if ('error' in answer) return { problem: answer.error };
    const read = readLessons(answer.text);
    if ('lessons' in read) return read;
    problem = `the answer could not be read: ${read.problem}`;
    messages.push(
      { role: 'assistant', content: answer.text },
      { role: 'user', content: REFLECTION_AGAIN(read.problem) },
    );
  }
  return { problem };
}

/** Returns in words what changed. */
async function applyLessons(
  sql: Parameters<typeof insertMemory>[0],
  facts: SessionFacts,
  options: Extract<Learned, { lessons: Lessons }> & { run: FollowUpRun; config: Config },
): Promise<string> {
  const { lessons, author, config } = options;
  const { followUp, masker } = options.run;
  const { projectId } = facts;
  // Elsewhere the session's placeholders mean nothing, and names must not be.
  const clean = (text: string) => storable(generaliseIdentifiers(config, masker.text(text)));
  const origin = {
    projectId,
    author,
    sourceSessionId: followUp.sessionId,
    alertType: facts.alertType,
    chain: facts.chain,
  };
  const created = lessons.create.map((draft) => ({ ...draft, content: clean(draft.content) }));
  for (const draft of created) await insertMemory(sql, draft, origin);
  const reinforced = await reinforceMemories(sql, { projectId, ids: lessons.reinforce });
  let deprecated = 0;
  for (const { id, why } of lessons.deprecate)
    deprecated += await deprecateMemory(sql, { projectId, id, why: clean(why) });
  const lines = created.map(({ content }) => `- ${content}`);
  if (reinforced > 0)
    lines.push(`- Confirmed: ${formatQuantity(reinforced, 'known memory', 'known memories')}.`);
  if (deprecated > 0) lines.push(`- Put out of use: ${formatQuantity(deprecated, 'memory', 'memories')}.`);
  if (lines.length === 0) return `Nothing worth remembering (${author}).`;
  return `Remembered (${author}):\n${lines.join('\n')}`;
}
